/**
 * One run on its way into the store. Until its last line is stored it has not ended, so that a crash
 * leaves a run that says it is lost, and never one that looks whole.
 */
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import type { PlacedGroup } from '../../shared/line-group.ts'
import type { Run } from '../../shared/run.ts'
import type { RunFilesParts } from './run-files.ts'

type Parts = Pick<RunFilesParts, 'log' | 'catalog' | 'own'>

export class RunImport {
  readonly #run: Run
  readonly #parts: Parts
  #next: number
  #waiting: PlacedGroup[] = []
  #waitingBytes = 0
  #waitingFrom: number

  /** Rejects with `bad-request` or `conflict`. */
  static async begin(run: Run, parts: Parts): Promise<RunImport> {
    if (run.state !== 'ended') throw new AppError('bad-request', 'is a run that had not ended')
    if ((await parts.catalog.get(run.id)) !== undefined) throw alreadyThere(run)
    const tasks = run.tasks.map((task) => ({ ...task, state: 'queued' as const, ...nothingYet }))
    const begun = { state: 'running', outcome: null, endedAt: null } as const
    const kept = { pinned: true, removed: null, epochs: [], reset: null }
    const made = await parts.catalog.create({ ...run, ...begun, ...kept, tasks }, parts.own)
    if (made.kind !== 'created') throw alreadyThere(run)
    return new RunImport({ ...run, epoch: made.run.epoch }, parts)
  }

  private constructor(run: Run, parts: Parts) {
    this.#run = run
    this.#parts = parts
    this.#next = run.first
    this.#waitingFrom = run.first
  }

  async add(group: PlacedGroup): Promise<void> {
    if (group.pos !== this.#next) {
      throw new AppError('bad-request', `has position ${group.pos} where ${this.#next} comes next`)
    }
    if (this.#run.tasks.every(({ id }) => id !== group.task)) {
      throw new AppError('bad-request', `is of task ${group.task}, which the run does not have`)
    }
    const isFull =
      this.#waitingBytes + group.bytes.length > limits.batchBytesMax ||
      this.#next - this.#waitingFrom >= limits.batchLinesMax
    if (isFull && this.#waiting.length > 0) await this.#store(false)
    this.#waiting.push(group)
    this.#waitingBytes += group.bytes.length
    this.#next += group.count
  }

  /** Stores the rest, and the run's end with it. */
  async end(next: number): Promise<Run> {
    if (next !== this.#next) {
      throw new AppError(
        'bad-request',
        `ends at position ${next}, but the lines do at ${this.#next}`,
      )
    }
    const { catalog } = this.#parts
    const { id, epoch, tasks } = this.#run
    if (this.#waiting.length > 0) await this.#store(true)
    else await catalog.save({ run: id, epoch, tasks, state: this.#run })
    const stored = await catalog.get(id)
    if (stored === undefined) throw new AppError('not-found', `There is no run ${id}.`)
    return stored
  }

  /** Nothing of it stays. */
  async giveUp(): Promise<void> {
    const { id, epoch } = this.#run
    const { log, catalog } = this.#parts
    await catalog.save({ run: id, epoch, tasks: [], state: this.#run })
    await log.drop(id)
    await catalog.remove(id)
  }

  async #store(isLast: boolean): Promise<void> {
    const { id, epoch, tasks, state, outcome, endedAt } = this.#run
    const groups = this.#waiting.splice(0)
    const end = isLast ? { tasks, state: { state, outcome, endedAt } } : { tasks: [] }
    const answer = await this.#parts.log.append({
      run: id,
      epoch,
      pos: this.#waitingFrom,
      groups,
      ...end,
    })
    if (answer.kind !== 'stored') {
      throw new AppError('conflict', `Run ${id} is written by somebody else too.`)
    }
    this.#waitingFrom = this.#next
    this.#waitingBytes = 0
  }
}

const nothingYet = {
  exitCode: null,
  signal: null,
  outBytes: 0,
  errBytes: 0,
  startedAt: null,
  endedAt: null,
  message: null,
  code: null,
  question: null,
}

function alreadyThere({ id }: Run): AppError {
  return new AppError('conflict', `Run ${id} is there already.`, {
    hint: 'Remove it first if the one of the file shall take its place.',
  })
}
