import { expect, test } from 'vitest'
import { SealedBoxKey, seal } from './sealed-box.ts'

test('opens for its receiver in its context, and shows nothing of the text', () => {
  const key = new SealedBoxKey()
  const box = seal('the password ä', key.publicText, 'a to b')
  expect(key.open(box, 'a to b')).toBe('the password ä')
  expect(Buffer.from(box, 'base64url').includes('password')).toBe(false)
  expect(seal('x', key.publicText, 'c')).not.toBe(seal('x', key.publicText, 'c'))
})

test('opens for nobody else, in no other context, and not when a bit of it was changed', () => {
  const key = new SealedBoxKey()
  const box = seal('secret', key.publicText, 'a to b')
  expect(opens(key, box, 'a to b')).toBe(true)
  expect(opens(new SealedBoxKey(), box, 'a to b')).toBe(false)
  expect(opens(key, box, 'a to c')).toBe(false)
  const bytes = Buffer.from(box, 'base64url')
  for (const at of bytes.keys()) {
    const changed = Buffer.from(bytes)
    changed.writeUInt8((changed[at] ?? 0) ^ 1, at)
    expect(opens(key, changed.toString('base64url'), 'a to b')).toBe(false)
  }
  expect(opens(key, '', 'a to b')).toBe(false)
})

function opens(key: SealedBoxKey, box: string, context: string): boolean {
  try {
    key.open(box, context)
    return true
  } catch {
    return false
  }
}
