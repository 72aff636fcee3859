/** Regular expressions, looked for in a worker with a deadline, so that none can hold the page up. */
import type { TextRules } from '../../../shared/line-test.ts'
import type { TextPattern } from '../../../shared/text-pattern.ts'
import { patternWorkerAddress } from '../stream/worker-address.ts'
import type { HitPlace } from './hit-places.ts'
import type { AskedQuestion, PatternAnswer, PatternQuestion } from './pattern-question.ts'

/** Null in place of an answer: it took too long, and the pattern is hopeless. */
export interface PatternAsker {
  /** Where in each text the pattern is found. */
  places(pattern: TextPattern, texts: readonly string[]): Promise<readonly HitPlace[][] | null>
  /** Which of the texts are such lines. */
  lines(rules: TextRules, texts: readonly string[]): Promise<readonly boolean[] | null>
  close(): void
}

/** Some dozens of rows take a millisecond. */
const deadlineMs = 400
/** The code of the worker may have to be fetched. */
const startMs = 20_000

export function createPatternAsker(): PatternAsker {
  let started: StartedWorker | null = null
  let lastId = 0

  function end(): void {
    started?.worker.terminate()
    started = null
  }

  async function ask<Answer>(question: PatternQuestion): Promise<Answer | null> {
    const asked = (started ??= startWorker())
    const { worker, ready } = asked
    const id = ++lastId
    const answered = new Promise<Answer>((resolve) => {
      worker.addEventListener('message', ({ data }: MessageEvent<PatternAnswer<Answer>>) => {
        if (data.id === id) resolve(data.answer)
      })
    })
    const isReady = await inTime(ready, startMs)
    worker.postMessage({ id, question } satisfies AskedQuestion)
    const answer = isReady === null ? null : await inTime(answered, deadlineMs)
    if (answer === null && started === asked) end()
    return answer
  }

  return {
    places: (pattern, texts) => ask({ kind: 'places', pattern, texts }),
    lines: (rules, texts) => ask({ kind: 'lines', rules, texts }),
    close: end,
  }
}

interface StartedWorker {
  readonly worker: Worker
  readonly ready: Promise<true>
}

function startWorker(): StartedWorker {
  const worker = new Worker(patternWorkerAddress, { type: 'module' })
  const ready = new Promise<true>((resolve) => {
    worker.addEventListener('message', () => resolve(true), { once: true })
  })
  return { worker, ready }
}

/** Null when the time is up. */
async function inTime<T>(promise: Promise<T>, ms: number): Promise<T | null> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, ms, null)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
