import { expect, test } from 'vitest'
import { posixSum } from './posix-sum.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)

test('is what the program cksum tells', () => {
  expect(posixSum(bytesOf(''))).toBe(4_294_967_295)
  expect(posixSum(bytesOf('123456789'))).toBe(930_766_865)
  expect(posixSum(bytesOf('x'.repeat(256)))).toBe(3_985_556_000)
})
