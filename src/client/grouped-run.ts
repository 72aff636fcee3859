/** Turns the groups of a run that the server sends into their exact type. */
import { AppError } from '../shared/errors.ts'
import type { GroupedRun } from '../shared/protocol/groups.ts'
import { array, asFields, text, whole } from './event-parser.ts'

/** Throws `bad-response`. */
export function asGroupedRun(value: unknown): GroupedRun {
  const fields = asFields(value)
  text(fields, 'run')
  whole(fields, 'from')
  whole(fields, 'next')
  array(fields, 'tooLong')
  for (const item of array(fields, 'groups')) {
    const group = asFields(item)
    if (array(group, 'tasks').length === 0) {
      throw new AppError('bad-response', 'The server has sent a group without a task.')
    }
    text(group, 'relation')
    for (const name of ['lines', 'common']) {
      const counts = asFields(group[name])
      whole(counts, 'out')
      whole(counts, 'err')
    }
  }
  // Its fields have been looked at.
  return value as GroupedRun
}
