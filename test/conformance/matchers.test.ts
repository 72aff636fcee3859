/** The matchers that exist, on one suite; and what only threads can do. */
import { describe, expect, test } from 'vitest'
import { createMatchThreads } from '../../src/adapters/match-threads/match-threads.ts'
import { inlineMatchers } from '../../src/core/search/matchers.ts'
import { limits } from '../../src/shared/limits.ts'
import { anyLine } from '../../src/shared/search-query.ts'
import { matchersConformance } from './matchers.conformance.ts'

describe('inline', () => {
  matchersConformance(() => inlineMatchers)
})

describe('threads', () => {
  matchersConformance(createMatchThreads)

  const hopeless = {
    rules: {
      ...anyLine,
      texts: [
        { pattern: { text: '^(a+)+$', isRegex: true, ignoresCase: false }, isInverse: false },
      ],
    },
    axis: null,
  }
  const line = new TextEncoder().encode(`${'a'.repeat(100)}b\n`)
  const share = [
    { pos: 0, task: 0, channel: 'out', time: 0, count: 1, bytes: line, end: 'newline' } as const,
  ]
  const part = { skip: 0, limit: 1 }
  const never = () => new AbortController().signal

  test('stop a pattern that would take for ever, within its line', async () => {
    await using matchers = createMatchThreads()
    const stop = new AbortController()
    await using matcher = await matchers.open(hopeless, stop.signal)
    const answer = matcher.take(share, part)
    stop.abort(new Error('time is up'))
    await expect(answer).rejects.toThrow('time is up')
    // As many hopeless ones as there are threads leave the threads to the next.
    await using other = await matchers.open({ rules: anyLine, axis: null }, never())
    expect((await other.take(share, part)).count).toBe(1)
  })

  test('let no more search at once than there are threads for, the others in turn, and too many not', async () => {
    await using matchers = createMatchThreads()
    const job = { rules: anyLine, axis: null }
    const open = await Promise.all(
      Array.from({ length: limits.searchesMax }, () => matchers.open(job, never())),
    )
    const order: number[] = []
    const waiting = Array.from({ length: limits.searchesQueuedMax }, async (_, at) => {
      await using matcher = await matchers.open(job, never())
      order.push(at)
      await matcher.take(share, part)
    })
    await expect(matchers.open(job, never())).rejects.toMatchObject({ code: 'too-many-searches' })
    expect(order).toEqual([])
    await Promise.all(open.map((matcher) => matcher[Symbol.asyncDispose]()))
    await Promise.all(waiting)
    expect(order.toSorted((a, b) => a - b)).toEqual(order)
    expect(order).toHaveLength(limits.searchesQueuedMax)
  })

  test('refuse who waits when Farglass ends', async () => {
    const matchers = createMatchThreads()
    const job = { rules: anyLine, axis: null }
    for (let at = 0; at < limits.searchesMax; at++) await matchers.open(job, never())
    const waiting = Promise.allSettled([matchers.open(job, never())])
    await matchers[Symbol.asyncDispose]()
    expect(await waiting).toMatchObject([{ reason: { code: 'shutting-down' } }])
    await expect(matchers.open(job, never())).rejects.toMatchObject({ code: 'shutting-down' })
  })
})
