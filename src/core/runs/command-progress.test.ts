import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeCommand, encodeCommand } from './command-progress.ts'
import { CommandProgressKeeper } from './command-progress-keeper.ts'

const bytes = fc.uint8Array({ maxLength: 700 })

test('the last bytes that are kept do not depend on how the output is cut, nor on new starts', () => {
  fc.assert(
    fc.property(bytes, fc.array(fc.nat(700), { maxLength: 6 }), (all, cuts) => {
      const at = [0, ...cuts.map((cut) => Math.min(cut, all.length))].toSorted(
        (one, other) => one - other,
      )
      let keeper = new CommandProgressKeeper(undefined)
      for (const [index, from] of at.entries()) {
        keeper.read('err', all.subarray(from, at[index + 1]))
        keeper = new CommandProgressKeeper(keeper.progress)
      }
      const { err } = decodeCommand(keeper.progress)
      expect(err ?? new Uint8Array(0)).toEqual(all.slice(Math.max(0, all.length - 256)))
    }),
  )
})

test('of a command that ends with its session the group alone is kept', () => {
  const keeper = new CommandProgressKeeper(undefined)
  const group = { pid: 7, watchdog: 8, since: 9, boot: 10 }
  keeper.holds(group)
  keeper.read('out', Uint8Array.of(1))
  expect(decodeCommand(keeper.progress)).toEqual({ group })
})

test('what is stored of a command is read back, and anything else is nothing', () => {
  fc.assert(
    fc.property(bytes, (out) => {
      expect(decodeCommand(encodeCommand({ out }))).toEqual({ out })
    }),
  )
  expect(encodeCommand({})).toBeUndefined()
  for (const text of [undefined, '', 'x', '[]', 'null', '{"out":1,"group":{"pid":"7"}}']) {
    expect(decodeCommand(text)).toEqual({})
  }
  fc.assert(fc.property(fc.string(), (text) => void decodeCommand(text)))
})
