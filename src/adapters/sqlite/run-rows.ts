/** Runs and their tasks as rows, read in both threads. */
import { KeptSummaries } from '../../core/store/kept-summaries.ts'
import { type ListedRun, taskSummary } from '../../shared/listed-run.ts'
import type { Run, RunId, Task } from '../../shared/run.ts'
import { storedPlan } from '../../shared/run-plan.ts'
import type { SqlDatabase, SqlRow, SqlStatement } from './driver.ts'

export class RunRows {
  readonly #byId: SqlStatement
  readonly #tasks: SqlStatement
  readonly #summaries = new KeptSummaries<number>()

  constructor(database: SqlDatabase) {
    this.#byId = database.prepare(`${runColumns} WHERE runs.id = ?`)
    this.#tasks = database.prepare('SELECT body FROM tasks WHERE run = ? ORDER BY id')
  }

  get(id: RunId): Run | undefined {
    const row = this.#byId.get(id)
    return row === undefined ? undefined : this.toRun(row)
  }

  /** A row of `runColumns` with its tasks. */
  toRun(row: SqlRow): Run {
    const run = withoutTasks(row)
    return { ...run, tasks: this.#tasksOf(row, run) }
  }

  /** A row of `runColumns` without them. */
  toListed(row: SqlRow): ListedRun {
    const run = withoutTasks(row)
    const summarize = () => taskSummary(this.#tasksOf(row, run), run)
    return { ...run, ...this.#summaries.of(Number(row['number']), run, summarize) }
  }

  #tasksOf(row: SqlRow, { mode }: Pick<Run, 'mode'>): Task[] {
    // Tasks of the first version had the mode of their run, and no host of theirs came back.
    return this.#tasks.all(row['number'] ?? null).map((task) => {
      const stored = JSON.parse(String(task['body'])) as StoredTask
      return { ...stored, mode: stored.mode ?? mode, awaySince: stored.awaySince ?? null }
    })
  }
}

/** The texts were written by this program: trusted. */
function withoutTasks(row: SqlRow): Omit<Run, 'tasks'> {
  const { tasks: _, ...body } = JSON.parse(String(row['body'])) as Run
  const reset = resetOf(row)
  return {
    ...body,
    plan: storedPlan(body),
    id: String(row['id']),
    state: row['state'] as Run['state'],
    outcome: row['outcome'] as Run['outcome'],
    endedAt: row['ended_at'] as Run['endedAt'],
    epoch: Number(row['epoch']),
    first: Number(row['first']),
    next: Number(row['next']),
    lines: Number(row['lines']),
    gaps: Number(row['gaps']),
    // A power cut alone loses lines, and of several the note is one.
    epochs: reset === null ? [] : [reset],
    reset,
    // Only the process that carries the run knows; nothing can be stored at that time.
    paused: null,
    pinned: row['pinned'] === 1,
    removed: row['removed'] === null ? null : JSON.parse(String(row['removed'])),
  }
}

/** Without what tasks of the first version do not have. */
type StoredTask = Omit<Task, 'mode' | 'awaySince'> & Partial<Pick<Task, 'mode' | 'awaySince'>>

function resetOf(row: SqlRow): Run['reset'] {
  const { reset_epoch: epoch, reset_from: from } = row
  return typeof epoch === 'number' && typeof from === 'number' ? { epoch, from } : null
}

export const runColumns =
  'SELECT runs.number, runs.id, runs.body, run_states.* FROM runs JOIN run_states ON run_states.run = runs.number'

/** The stored text of a run: all of it but the tasks; what has a column is overruled by that. */
export function bodyOf(run: Run): string {
  return JSON.stringify({ ...run, tasks: [] })
}
