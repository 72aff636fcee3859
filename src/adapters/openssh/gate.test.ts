import { expect, test } from 'vitest'
import { Gate } from './gate.ts'

const never = new AbortController().signal

test('no more than the places are inside, and the others come in their order', async () => {
  const gate = new Gate(2)
  const order: number[] = []
  const leave: (() => void)[] = []
  const entering = [0, 1, 2, 3].map(async (n) => {
    leave[n] = await gate.enter(never)
    order.push(n)
  })
  await Promise.all(entering.slice(0, 2))
  expect(order).toEqual([0, 1])
  leave[1]?.()
  leave[1]?.()
  await entering[2]
  expect(order).toEqual([0, 1, 2])
  leave[0]?.()
  await entering[3]
  leave[2]?.()
  leave[3]?.()
  await Promise.all([gate.enter(never), gate.enter(never)])
})

test('who gives up while waiting takes no place', async () => {
  const gate = new Gate(1)
  const leave = await gate.enter(never)
  const giveUp = new AbortController()
  const waiting = gate.enter(giveUp.signal)
  giveUp.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
  await expect(gate.enter(giveUp.signal)).rejects.toThrow('enough')
  leave()
  await gate.enter(never)
})
