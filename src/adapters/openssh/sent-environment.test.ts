import { expect, test } from 'vitest'
import { sentEnvironment } from './sent-environment.ts'

test('a host is offered what SendEnv and SetEnv name, and nothing else', () => {
  const config = new Map([
    ['sendenv', ['LANG', 'LC_*', 'A?']],
    ['setenv', ['MODE=a=b', 'LANG=C', 'broken']],
  ])
  const ours = { LANG: 'de_DE', LC_ALL: 'x', XLC_ALL: 'no', A1: 'one', A12: 'no', HOME: '/h' }
  expect(Object.fromEntries(sentEnvironment(config, ours))).toEqual({
    LANG: 'C',
    LC_ALL: 'x',
    A1: 'one',
    MODE: 'a=b',
  })
  expect(sentEnvironment(new Map(), ours).size).toBe(0)
})
