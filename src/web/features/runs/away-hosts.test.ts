import { describe, expect, test } from 'vitest'
import { fakeRun, fakeTask, passwordQuestion } from '../../../../test/support/fake-data.ts'
import { awayHosts, awayMs, canGiveUp, namesOf } from './away-hosts.ts'

const since = '2026-11-20T09:40:00.000Z'
const away = (host: string, state: 'reconnecting' | 'stopping' | 'needs-input') =>
  fakeTask(host, { state, awaySince: since })

describe('awayHosts', () => {
  test('names what wants a person first, and nobody who asks a question or is there', () => {
    const run = fakeRun('r', {
      tasks: [
        away('web-01', 'reconnecting'),
        away('web-02', 'needs-input'),
        { ...away('web-03', 'needs-input'), question: passwordQuestion },
        away('db-01', 'stopping'),
        fakeTask('db-02', { state: 'stopping' }),
        fakeTask('edge-01'),
      ],
    })
    const found = awayHosts(run).map(({ kind, tasks }) => [kind, tasks.map(({ host }) => host)])
    expect(found).toEqual([
      ['refused', ['web-02']],
      ['stopping', ['db-01']],
      ['reconnecting', ['web-01']],
    ])
  })

  test('a task can be given up only once its stop was asked and its host is away', () => {
    const tasks = [away('db-01', 'stopping')]
    expect(canGiveUp(fakeRun('r', { state: 'stopping', tasks }))).toBe(true)
    expect(canGiveUp(fakeRun('r', { tasks: [away('db-01', 'reconnecting')] }))).toBe(false)
    const here = [fakeTask('db-01', { state: 'stopping' })]
    expect(canGiveUp(fakeRun('r', { state: 'stopping', tasks: here }))).toBe(false)
  })

  test('many hosts are named shortly, with the longest time', () => {
    const tasks = ['web-01', 'web-02', 'web-03', 'db-01'].map((host) => away(host, 'reconnecting'))
    expect(namesOf(tasks)).toBe('web-01, web-02 +2')
    expect(namesOf(tasks.slice(0, 3))).toBe('web-01, web-02, web-03')
    const later = fakeTask('db-02', { awaySince: '2026-11-20T09:40:09.000Z' })
    expect(awayMs([later, ...tasks], Date.parse(since) + 12_000)).toBe(12_000)
    expect(awayMs([fakeTask('db-02')], 0)).toBeNull()
  })
})
