import { describe, expect, test } from 'vitest'
import { seededRandom } from './random.ts'
import { isTroubledAt, serviceSays } from './service-log.ts'

function said(host: string, isTroubled: boolean) {
  const random = seededRandom('a')
  return Array.from({ length: 400 }, () => serviceSays(host, { random, isTroubled }))
}

describe('what the services of the demo say', () => {
  test.each(['web-1', 'api-1', 'worker-1', 'db-1', 'unheard-of'])('%s', (host) => {
    const calm = said(host, false)
    expect(calm.every(({ text }) => text !== '' && !text.endsWith('\n'))).toBe(true)
    expect(calm.filter(({ channel }) => channel === 'err').length).toBeLessThan(40)
    expect(said(host, true)).not.toEqual(calm)
  })

  test('the trouble lasts for seconds, on all hosts at once, and comes within a minute', () => {
    const seconds = Array.from({ length: 60 }, (_, second) =>
      isTroubledAt(new Date(second * 1_000)),
    )
    const troubled = seconds.filter(Boolean).length
    expect([troubled > 3, troubled < 20]).toEqual([true, true])
  })
})
