/** A run of a known truth on a server, with its viewers, to which a test does something. */
import { expect } from 'vitest'
import type { Run, Task } from '../../src/shared/run.ts'
import { expectExact } from './exact.ts'
import type { Farglass } from './farglass.ts'
import { type RecordingViewer, recordByClient, recordByLastEventId } from './recording-viewer.ts'
import { makeTruth, type Truth, type TruthOptions } from './truth.ts'
import { until } from './until.ts'

export interface WatchedRunOptions extends TruthOptions {
  readonly server: Farglass
  readonly target: string
  /** Before the command, in the same shell. */
  readonly before?: string
  /** Where viewers read; without it at the server itself. */
  readonly baseUrl?: string
}

export interface WatchedRun extends AsyncDisposable {
  readonly id: string
  readonly truth: Truth
  readonly viewers: readonly RecordingViewer[]
  state(): Promise<Run>
  task(): Promise<Task>
  /** Resolves with the task once it is in this state. */
  reaches(state: Task['state'], timeoutMs?: number): Promise<Task>
  /** Texts of the notes that a viewer has got so far. */
  notes(): string[]
  /** Resolves once the viewers have more lines than now. */
  goesOn(timeoutMs?: number): Promise<void>
  /** Waits for the end, and fails unless it has succeeded and everybody has every line once. */
  endsExact(timeoutMs?: number): Promise<void>
}

/** Starts it and resolves once its first lines are seen. */
export async function startWatchedRun(options: WatchedRunOptions): Promise<WatchedRun> {
  const { server, target, before = '', seed } = options
  const truth = await makeTruth(options)
  const source = { kind: 'command', command: `${before}${truth.command}` } as const
  const { id } = await server.api.start({ target, source })
  const viewer = { run: id, baseUrl: options.baseUrl ?? server.url }
  const viewers = [
    recordByClient({ ...viewer, who: 'our client' }),
    recordByLastEventId({ ...viewer, who: 'a reader by Last-Event-ID' }),
  ]
  const seen = () => Math.min(...viewers.map(({ history }) => history.lines.length))
  const state = () => server.api.get(id)
  const task = async () => {
    const [first] = (await state()).tasks
    if (first === undefined) throw new Error('The run has no task.')
    return first
  }
  const goesOn = async (timeoutMs = 30_000) => {
    const before = seen()
    await until('viewers get more lines', () => seen() > before + 1, timeoutMs)
  }
  await goesOn()
  return {
    id,
    truth,
    viewers,
    state,
    task,
    goesOn,
    reaches: (wanted, timeoutMs) =>
      until(
        `the task is ${wanted}`,
        async () => {
          const now = await task()
          return now.state === wanted && now
        },
        timeoutMs,
      ),
    notes: () =>
      [...(viewers[0]?.history.lines ?? [])]
        .filter(({ channel }) => channel === 'note')
        .map(({ text }) => text),
    async endsExact(timeoutMs = 120_000) {
      const isEnded = async () => (await state()).state === 'ended'
      await until('the run ends', isEnded, timeoutMs)
      await Promise.all(viewers.map(({ done }) => done))
      expect(await state()).toMatchObject({ outcome: 'succeeded', lost: 0, duplicated: 0 })
      await expectExact({ api: server.api, run: id, truth, viewers, seed })
    },
    async [Symbol.asyncDispose]() {
      for (const one of viewers) await one[Symbol.asyncDispose]()
      await truth[Symbol.asyncDispose]()
    },
  }
}
