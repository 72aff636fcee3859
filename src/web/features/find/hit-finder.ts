/** Finds the places of a pattern in the rows in sight: text at once, a regular expression in a worker with a deadline. */
import { compilePattern, type TextPattern } from '../../../shared/text-pattern.ts'
import { hitPlacesWorkerAddress } from '../stream/worker-address.ts'
import { type HitPlace, hitPlaces } from './hit-places.ts'

export interface HitFinder {
  /** Null when it took too long; the pattern is hopeless then. Rejects with `bad-pattern`. */
  find(pattern: TextPattern, texts: readonly string[]): Promise<readonly HitPlace[][] | null>
  close(): void
}

/** Some dozens of rows take a millisecond. */
const deadlineMs = 400

interface Found {
  readonly id: number
  readonly places: readonly HitPlace[][]
}

export function createHitFinder(): HitFinder {
  let worker: Worker | null = null
  let lastId = 0

  function end(): void {
    worker?.terminate()
    worker = null
  }

  function ask(pattern: TextPattern, texts: readonly string[]): Promise<HitPlace[][] | null> {
    worker ??= new Worker(hitPlacesWorkerAddress, { type: 'module' })
    const asked = worker
    const id = ++lastId
    return new Promise((resolve) => {
      const done = (places: HitPlace[][] | null): void => {
        clearTimeout(timer)
        asked.removeEventListener('message', onAnswer)
        resolve(places)
      }
      const onAnswer = ({ data }: MessageEvent<Found>): void => {
        if (data.id === id) done([...data.places])
      }
      const timer = setTimeout(() => {
        if (worker === asked) end()
        done(null)
      }, deadlineMs)
      asked.addEventListener('message', onAnswer)
      asked.postMessage({ id, pattern, texts })
    })
  }

  return {
    find: async (pattern, texts) => {
      if (!pattern.isRegex) return hitPlaces(pattern, texts)
      // One that is none is noticed here, and takes no time.
      compilePattern(pattern)
      return ask(pattern, texts)
    },
    close: end,
  }
}
