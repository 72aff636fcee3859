import { expect, test } from 'vitest'
import type { SchemaIssue } from '../../shared/issue-text.ts'
import { createMemoryStore } from './memory-store.ts'
import { type RecordType, removedBy, TypedRecords } from './typed-records.ts'

const wrongType: SchemaIssue = {
  code: 'invalid_type',
  expected: 'number',
  path: ['count'],
  message: 'not a number',
}

const numberType: RecordType<number> = {
  kind: 'setting',
  noun: 'number',
  countMax: 2,
  remedy: removedBy('numbers'),
  schema: async () => ({
    safeParse: (value) =>
      typeof value === 'number'
        ? { success: true, data: value }
        : { success: false, error: { issues: [wrongType] } },
  }),
}

function open() {
  const { records } = createMemoryStore()
  return { records, numbers: new TypedRecords(records, numberType) }
}

test('what was stored is given back, and changed over its own version only', async () => {
  const { numbers } = open()
  const first = await numbers.put('one', 1, 0)
  expect(await numbers.get('one')).toEqual({ name: 'one', version: first.version, value: 1 })
  const second = await numbers.put('one', 2, first.version)
  await expect(numbers.put('one', 3, first.version)).rejects.toMatchObject({ code: 'conflict' })
  expect(await numbers.list()).toEqual({ items: [second], unreadable: [] })
  expect([await numbers.remove('one'), await numbers.remove('one')]).toEqual([true, false])
  expect(await numbers.get('one')).toBeUndefined()
})

test.each([
  ['no JSON', '{', 'it is no JSON'],
  ['another shape', '"two"', 'the field "count" must be of type number'],
])(
  'a record of %s is named with why and what to do, and hides no other',
  async (_what, body, why) => {
    const { records, numbers } = open()
    await records.put({ kind: 'setting', name: 'bad', body })
    await numbers.put('good', 1)
    const message = `The stored text of the number "bad" is damaged, or a newer Farglass wrote it: ${why}.`
    const hint =
      'Remove it with "farglass numbers remove bad", or run the version of Farglass that wrote it.'
    const { items, unreadable } = await numbers.list()
    expect(items.map(({ name }) => name)).toEqual(['good'])
    expect(unreadable).toEqual([{ name: 'bad', message, hint }])
    await expect(numbers.get('bad')).rejects.toMatchObject({ code: 'store-failed', message, hint })
    expect(await numbers.remove('bad')).toBe(true)
    expect((await numbers.list()).unreadable).toEqual([])
  },
)

test('state that cannot be read is as good as none, and is written over', async () => {
  const { records, numbers } = open()
  expect(await numbers.state('turn')).toEqual({ version: 0 })
  await records.put({ kind: 'setting', name: 'turn', body: '{' })
  const before = await numbers.state('turn')
  expect(before).not.toHaveProperty('value')
  const { version } = await numbers.put('turn', 7, before.version)
  expect(await numbers.state('turn')).toEqual({ version, value: 7 })
})

test('one more than there may be is refused; those that there are can be changed', async () => {
  const { records, numbers } = open()
  await numbers.put('one', 1)
  await records.put({ kind: 'setting', name: 'two', body: '{' })
  await expect(numbers.put('three', 3)).rejects.toMatchObject({
    code: 'conflict',
    message: 'There are 2 numbers already.',
  })
  await numbers.put('two', 2)
  expect((await numbers.list()).items.map(({ value }) => value)).toEqual([1, 2])
})
