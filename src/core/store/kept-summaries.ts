/** What the tasks of ended runs amount to, kept by who would have to read all of them again for each list. */
import type { CountedState } from '../../shared/counted-state.ts'
import { limits } from '../../shared/limits.ts'
import type { TaskSummary } from '../../shared/listed-run.ts'
import type { Run } from '../../shared/run.ts'

export class KeptSummaries<Key> {
  /** The one that was asked for last stands last. */
  readonly #kept = new Map<Key, TaskSummary>()

  /** The kept one of a run that has ended, else a new one, which may be kept. */
  of(key: Key, run: Pick<Run, 'state'>, summarize: () => TaskSummary): TaskSummary {
    const summary = this.get(key, run) ?? summarize()
    if (run.state !== 'ended' || !isSettled(summary)) return summary
    this.#kept.delete(key)
    this.#kept.set(key, summary)
    for (const [oldest] of this.#kept) {
      if (this.#kept.size <= limits.taskSummariesMax) break
      this.#kept.delete(oldest)
    }
    return summary
  }

  get(key: Key, { state }: Pick<Run, 'state'>): TaskSummary | undefined {
    return state === 'ended' ? this.#kept.get(key) : undefined
  }

  has(key: Key): boolean {
    return this.#kept.has(key)
  }
}

/** No task of it changes any more. An import that was given up has ended with others. */
function isSettled({ hosts, counts }: TaskSummary): boolean {
  return hosts === ends.reduce((sum, word) => sum + (counts[word] ?? 0), 0)
}

const ends: readonly CountedState[] = ['succeeded', 'stopped', 'failed', 'lost']
