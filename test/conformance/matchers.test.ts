/** The matchers that exist, on one suite; and what only threads can do. */
import { Worker } from 'node:worker_threads'
import { describe, expect, test } from 'vitest'
import {
  createMatchThreads,
  startMatchThread,
} from '../../src/adapters/match-threads/match-threads.ts'
import { inlineMatchers } from '../../src/core/search/matchers.ts'
import { limits } from '../../src/shared/limits.ts'
import { anyLine } from '../../src/shared/search-query.ts'
import { setLimit } from '../support/set-limit.ts'
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
    // One place: of two threads that start at the same time either may be the first to have started.
    await open[0]?.[Symbol.asyncDispose]()
    await Promise.all(waiting)
    expect(order.toSorted((a, b) => a - b)).toEqual(order)
    expect(order).toHaveLength(limits.searchesQueuedMax)
  })

  test('are open when they have started and not before, so that this takes nothing of the time of a search', async () => {
    const gate = new Int32Array(new SharedArrayBuffer(4))
    await using matchers = createMatchThreads(() => heldThread(gate))
    let isOpen = false
    const opening = matchers.open({ rules: anyLine, axis: null }, never()).then((matcher) => {
      isOpen = true
      return matcher
    })
    await new Promise(setImmediate)
    expect(isOpen).toBe(false)
    Atomics.store(gate, 0, 1)
    Atomics.notify(gate, 0)
    await using matcher = await opening
    expect((await matcher.take(share, part)).count).toBe(1)
  })

  test('are given up when they do not start, and their places are free again', async () => {
    const gate = new Int32Array(new SharedArrayBuffer(4))
    let start = () => heldThread(gate)
    await using matchers = createMatchThreads(() => start())
    const job = { rules: anyLine, axis: null }
    const takeBack = setLimit('searchStartMs', 20)
    const open = Array.from({ length: limits.searchesMax }, () => matchers.open(job, never()))
    const refused = { status: 'rejected', reason: { code: 'too-many-searches' } }
    expect(await Promise.allSettled(open)).toMatchObject(open.map(() => refused))
    takeBack()
    start = startMatchThread
    await using matcher = await matchers.open(job, never())
    expect((await matcher.take(share, part)).count).toBe(1)
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

/** It does nothing before the gate is opened, as on a machine that is very busy. */
function heldThread(gate: Int32Array): Worker {
  const entry = new URL('../../src/adapters/match-threads/match-thread.ts', import.meta.url)
  const tsx = JSON.stringify(import.meta.resolve('tsx/esm/api'))
  const wait = `Atomics.wait(require('node:worker_threads').workerData, 0, 0)`
  const start = `import(${tsx}).then((tsx) => { tsx.register(); return import('${entry.href}') })`
  return new Worker(`${wait}; ${start}`, { eval: true, workerData: gate })
}
