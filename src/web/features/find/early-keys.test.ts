import { expect, test } from 'vitest'
import { earlyKeys } from './early-keys.ts'

const press = (key: string, ctrlKey = false): boolean =>
  earlyKeys.take({ key, ctrlKey, metaKey: false, altKey: false })

test('what is typed for a field that is not there yet is kept for it, corrected and given up', () => {
  expect(press('1')).toBe(false)
  earlyKeys.await()
  expect(['1', 'x', 'Backspace', '9'].map((key) => press(key))).toEqual([true, true, true, true])
  expect([press('k', true), press('ArrowDown')]).toEqual([false, false])
  // Who asks again goes on.
  earlyKeys.await()
  expect(earlyKeys.end()).toBe('19')
  expect([earlyKeys.isAwaited, press('1')]).toEqual([false, false])
  earlyKeys.await()
  expect([press('a'), press('Escape'), press('a')]).toEqual([true, true, false])
})
