/** A run that the command line makes for itself, to look at a host: to its end, with its questions asked here. */
import type { FarglassApi } from '../../client/api.ts'
import type { Channel } from '../../shared/channel.ts'
import type { LinesEvent } from '../../shared/protocol/events.ts'
import type { RunRequest } from '../../shared/protocol/requests.ts'
import type { RunId, Task } from '../../shared/run.ts'
import type { CliContext } from './context.ts'
import { createQuestions } from './questions.ts'

export interface ShortRun {
  readonly api: FarglassApi
  readonly context: CliContext
  readonly request: RunRequest
}

export interface ShortRunEnd {
  readonly id: RunId
  /** The first task as it has ended; undefined when the run did not end. */
  readonly task: Task | undefined
  /** Lines of stdout. */
  readonly lines: readonly string[]
  readonly notes: readonly string[]
}

export async function shortRun({ api, context, request }: ShortRun): Promise<ShortRunEnd> {
  // What Farglass itself asks a host changes nothing that anybody would want to confirm.
  const { id } = await api.start({ ...request, confirm: true })
  const answer = api.answer.bind(api, id)
  const questions = createQuestions({ acceptedKeys: [], answer, say: context.say })
  const lines: string[] = []
  const notes: string[] = []
  let last: Task | undefined
  try {
    for await (const event of api.follow(id, 0, new AbortController().signal)) {
      if (event.kind === 'task') questions.take(event.task)
      if (event.kind === 'end') last = event.run.tasks[0]
      if (event.kind !== 'lines') continue
      lines.push(...linesOf(event, 'out'))
      notes.push(...linesOf(event, 'note'))
    }
  } finally {
    questions.close()
  }
  return { id, task: last, lines, notes }
}

function linesOf({ groups }: LinesEvent, channel: Channel): readonly string[] {
  return groups.filter((group) => group.channel === channel).flatMap((group) => group.lines)
}

/** It is of no use to anybody else; one that cannot be removed stays in the list. */
export async function removeRun(api: FarglassApi, { id, task }: ShortRunEnd): Promise<void> {
  if (task !== undefined) await api.remove(id).catch(() => undefined)
}
