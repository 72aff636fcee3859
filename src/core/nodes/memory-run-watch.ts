/** The bell of the memory store: rings all who watch a run when it changes. */
import type { RunId } from '../../shared/run.ts'
import type { PartialNews, RunNews, RunWatch } from './run-watch.ts'

export class MemoryRunWatch implements RunWatch {
  readonly #watching = new Map<RunId, Set<(news: RunNews) => void>>()

  watch(id: RunId, onNews: (news: RunNews) => void, signal: AbortSignal): void {
    if (signal.aborted) return
    const all = this.#watching.get(id) ?? new Set()
    this.#watching.set(id, all.add(onNews))
    const leave = () => {
      all.delete(onNews)
      if (all.size === 0) this.#watching.delete(id)
    }
    signal.addEventListener('abort', leave, { once: true })
  }

  /** The run has changed. */
  ring(id: RunId): void {
    this.#say(id, { kind: 'state' })
  }

  tell(id: RunId, partial: PartialNews): void {
    this.#say(id, partial)
  }

  #say(id: RunId, news: RunNews): void {
    // Never within the call that changes the run: no other process would hear it there either.
    void Promise.resolve().then(() => {
      for (const onNews of this.#watching.get(id) ?? []) onNews(news)
    })
  }
}
