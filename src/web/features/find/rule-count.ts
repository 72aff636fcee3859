/** How many lines of a run a filter leaves by itself: counted by the server, on from where it was counted before. */
import { effect, type Signal } from '@preact/signals'
import type { LineFilter } from '../../../client/api.ts'
import type { HttpApi } from '../../../client/http-api.ts'
import type { RunModel } from '../runs/run-model.ts'

export interface RuleCountOptions {
  readonly api: Pick<HttpApi, 'histogram'>
  readonly model: RunModel
  readonly fields: LineFilter
  readonly count: Signal<number | null>
}

/** Of a run that grows it is counted on at most this often. */
const countMs = 2_000

export function createRuleCount({ api, model, fields, count }: RuleCountOptions): {
  close(): void
} {
  const closed = new AbortController()
  const { signal } = closed
  let next = 0
  let isUnderWay = false
  let timer: ReturnType<typeof setTimeout> | undefined

  async function countOn(): Promise<void> {
    const ask = { ...fields, from: String(next), buckets: 1 }
    const answer = await api.histogram(model.id, ask, signal)
    count.value = (count.peek() ?? 0) + answer.count
    next = answer.next
  }

  function start(): void {
    if (isUnderWay || timer !== undefined || next >= model.tail.peek()) return
    isUnderWay = true
    countOn()
      .catch(() => undefined)
      .finally(() => {
        isUnderWay = false
        if (signal.aborted) return
        timer = setTimeout(() => {
          timer = undefined
          start()
        }, countMs)
      })
  }

  const stop = effect(() => {
    void model.tail.value
    start()
  })
  return {
    close: () => {
      stop()
      closed.abort()
      clearTimeout(timer)
    },
  }
}
