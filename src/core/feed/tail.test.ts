import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import type { Frame } from '../runs/run-service.ts'
import { Tail } from './tail.ts'

function frameOf(pos: number, size: number): Frame {
  const bytes = new Uint8Array(size)
  const group = { pos, task: 0, channel: 'out', time: 0, count: 1, end: 'newline', bytes } as const
  return { kind: 'frame', pos, next: pos + 1, groups: [group] }
}

test('keeps the newest lines within its bound, and finds each of them', () => {
  const tail = new Tail(100)
  for (let pos = 0; pos < 1_000; pos++) tail.push(frameOf(pos, 10))
  expect(tail.bytes).toBe(100)
  expect(tail.at(989)).toBeUndefined()
  for (let pos = 990; pos < 1_000; pos++) expect(tail.at(pos)?.pos).toBe(pos)
  expect(tail.at(1_000)).toBeUndefined()
})

test('lets go of the memory of lines that it has dropped', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const tail = new Tail(1)
  const held: WeakRef<object>[] = []
  for (let pos = 0; pos < 100; pos++) {
    const frame = frameOf(pos, 1_000)
    held.push(new WeakRef(frame))
    tail.push(frame)
  }
  await new Promise((resolve) => setImmediate(resolve))
  collect()
  expect(held.filter((frame) => frame.deref() !== undefined).length).toBe(1)
})
