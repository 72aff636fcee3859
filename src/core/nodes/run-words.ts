/** Port: what the nodes of a store tell each other of those who read a run. Words may get lost. */
import type { RunId } from '../../shared/run.ts'

export interface RunWords {
  /** Until the signal aborts, calls `onWord` for what others say, and `marks` whenever that may have been missed. */
  hear(id: RunId, onWord: (word: RunWord) => void, signal: AbortSignal): void

  /** Never rejects. The sayer may hear it too. */
  say(id: RunId, word: RunWord): void
}

export type RunWord =
  /** So many viewers watch the run at that node now, and call themselves so. */
  | {
      readonly kind: 'viewers'
      readonly node: string
      readonly count: number
      readonly names: readonly string[]
    }
  /** The marks of the run have changed. */
  | { readonly kind: 'marks' }

/** Of a store that no other node shares. */
export const noRunWords: RunWords = { hear: () => {}, say: () => {} }

/** The reference: several nodes within one process. */
export function createMemoryRunWords(): RunWords {
  const hearing = new Map<RunId, Set<(word: RunWord) => void>>()
  return {
    hear(id, onWord, signal) {
      const all = hearing.get(id) ?? new Set()
      hearing.set(id, all.add(onWord))
      const leave = () => {
        all.delete(onWord)
        if (all.size === 0 && hearing.get(id) === all) hearing.delete(id)
      }
      signal.addEventListener('abort', leave, { once: true })
    },
    say(id, word) {
      // Never within the call: no other process would hear it there either.
      void Promise.resolve().then(() => {
        for (const onWord of hearing.get(id) ?? []) onWord(word)
      })
    },
  }
}
