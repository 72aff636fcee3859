/** What is said of lines that Farglass keeps no longer, or has lost, to who wants all of a run. */
import type { FarglassApi } from '../../client/api.ts'
import { givenAnewFrom } from '../../shared/epochs.ts'
import { AppError } from '../../shared/errors.ts'
import { removalSentence } from '../../shared/retention.ts'
import type { Run } from '../../shared/run.ts'

/** A sentence for lines that were removed before they could come. */
export function removedSentence(count: number, removed: Run['removed']): string {
  if (removed !== null) return `${removalSentence(removed)}.`
  const lines = count === 1 ? '1 line was' : `${count} lines were`
  return `${lines} removed before here: the run is larger than Farglass may keep.`
}

/**
 * What was read of the run as it is known, with a word of what is not in it. Rejects when some of it
 * was lost and given anew meanwhile: then it is of two histories.
 */
export async function* readingOf<T>(
  parts: AsyncIterable<T>,
  known: Run,
  { api, say }: { readonly api: FarglassApi; readonly say: (text: string) => Promise<void> },
): AsyncGenerator<T> {
  const { id, first, next, epochs, removed } = known
  if (first > 0) await say(removedSentence(first, removed))
  yield* parts
  const now = await api.get(id)
  if (givenAnewFrom(now, { cursor: next, epochs }) !== null) {
    throw new AppError('conflict', `Lines of run ${id} were lost and given anew meanwhile.`, {
      hint: 'Export it again: what was written is of both.',
    })
  }
  if (now.first > first) {
    await say(`lines before ${now.first} were removed meanwhile, and some of them may be missing.`)
  }
}
