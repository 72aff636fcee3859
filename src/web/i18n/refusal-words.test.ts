import { beforeAll, expect, test } from 'vitest'
import { AppError, errorTable } from '../../shared/errors.ts'
import { refusalText, refusalWords } from './refusal-words.ts'
import { useLocale } from './text.ts'
import { zhErrors } from './zh-errors.ts'

beforeAll(() => {
  // The only thing of a page that choosing a language needs.
  Object.assign(globalThis, { document: { documentElement: { lang: '' } } })
})

test('every error code has Chinese words for what happened and for what to do', () => {
  expect(Object.keys(zhErrors).toSorted()).toEqual(Object.keys(errorTable).toSorted())
  for (const { what, todo } of Object.values(zhErrors)) {
    expect(what).toMatch(/\p{Script=Han}.*。$/u)
    expect(todo).toMatch(/\p{Script=Han}.*。$/u)
  }
})

test('a refusal is told in the language of the page, and its facts stay beside it', async () => {
  const missing = new AppError('not-found', 'There is no saved command "deploy".')
  await useLocale('en')
  expect(refusalWords(missing)).toEqual({
    sentence: `There is no saved command "deploy". ${missing.hint}`,
    detail: null,
  })
  await useLocale('zh-CN')
  expect(refusalWords(missing)).toEqual({
    sentence: '没有找到。请检查写法；它也可能已被移除，或不对你开放。',
    detail: 'There is no saved command "deploy".',
  })
})

test('advice of its own is not hidden behind the usual one of its code', async () => {
  await useLocale('zh-CN')
  const options = { hint: 'Wait for its end, or stop it first.' }
  expect(refusalText(new AppError('conflict', 'Run r1 has not ended.', options))).toBe(
    '与目前的状态冲突。 Run r1 has not ended. Wait for its end, or stop it first.',
  )
})

test('why a task failed is told as a refusal is', async () => {
  await useLocale('zh-CN')
  const message = `The host restarted. ${errorTable['host-rebooted'].hint}`
  expect(refusalWords({ code: 'host-rebooted', message })).toEqual({
    sentence: '命令运行期间主机重新启动了。此前的输出已保留；请决定是否再次运行。',
    detail: 'The host restarted.',
  })
})
