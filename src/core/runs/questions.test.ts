import { expect, test } from 'vitest'
import { manualClock } from '../../../test/support/manual-clock.ts'
import { limits } from '../../shared/limits.ts'
import { Questions } from './questions.ts'

const password = { kind: 'secret', ask: 'password', prompt: '?', echo: false, refused: 0 } as const

test('a question that nobody answers is withdrawn in time, with a sentence', async () => {
  const clock = manualClock()
  const questions = new Questions(clock)
  const { signal } = new AbortController()
  const answer = questions.ask(password, { task: 0, signal, shown: () => {} })
  clock.advance(limits.questionTimeoutMs - 1)
  expect(await Promise.race([answer, Promise.resolve('open')])).toBe('open')
  clock.advance(1)
  await expect(answer).rejects.toMatchObject({ code: 'login-timeout' })
  const late = { kind: 'secret', question: 1, secret: 'x' } as const
  expect(() => questions.answer(0, late)).toThrow('not open any more')
})
