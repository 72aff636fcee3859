import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { Secret } from './secret.ts'

test('a secret is not printed by any usual way', () => {
  const secret = new Secret('hunter2')
  const error = new Error('x', { cause: { secret } })
  const ways = [
    `${secret}`,
    JSON.stringify({ secret }),
    inspect(secret),
    inspect(error),
    String(secret),
  ]
  expect(ways.join('\n')).not.toContain('hunter2')
  expect(secret.reveal()).toBe('hunter2')
})
