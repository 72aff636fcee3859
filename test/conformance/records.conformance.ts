/** What every store promises of documents. A place can be opened several times: by nodes, or one after the other. */
import { describe, expect, test } from 'vitest'
import type { RecordKind, RecordStore, StoredRecord } from '../../src/core/store/record-store.ts'
import { limits } from '../../src/shared/limits.ts'

export interface RecordPlace extends AsyncDisposable {
  open(): Promise<AsyncDisposable & { readonly records: RecordStore }>
}

export function testRecords(name: string, newPlace: () => Promise<RecordPlace>): void {
  describe(`${name}: documents`, () => {
    testVersions(newPlace)
    testContents(newPlace)
  })
}

function testVersions(newPlace: () => Promise<RecordPlace>): void {
  test('a document is found by kind and name, replaced, and removed', async () => {
    await using place = await newPlace()
    await using store = await place.open()
    const { records } = store
    expect(await records.get('host', 'web-1')).toBeUndefined()
    const first = await records.put({ kind: 'host', name: 'web-1', body: '{"a":1}' })
    expect(await records.get('host', 'web-1')).toEqual(first)
    expect(await records.get('alert', 'web-1')).toBeUndefined()
    const second = await records.put({ kind: 'host', name: 'web-1', body: '{"a":2}' })
    expect(second.version).toBeGreaterThan(first.version)
    expect(await records.list('host')).toEqual([second])
    expect(await records.remove('host', 'web-1')).toBe(true)
    expect(await records.remove('host', 'web-1')).toBe(false)
    expect(await records.list('host')).toEqual([])
  })

  test('who changes a document that another one has changed meanwhile is refused, and nothing is written', async () => {
    await using place = await newPlace()
    await using store = await place.open()
    const { records } = store
    const put = (version: number, body: string) =>
      records.put({ kind: 'schedule', name: 'nightly', version, body })
    await expect(put(1, 'x')).rejects.toMatchObject({ code: 'conflict' })
    const first = await put(0, 'first')
    await expect(put(0, 'x')).rejects.toMatchObject({ code: 'conflict' })
    const second = await put(first.version, 'second')
    await expect(put(first.version, 'x')).rejects.toThrow(/nightly.*changed meanwhile/)
    await expect(records.remove('schedule', 'nightly', first.version)).rejects.toMatchObject({
      code: 'conflict',
    })
    expect(await records.get('schedule', 'nightly')).toEqual(second)
    expect(await records.remove('schedule', 'nightly', second.version)).toBe(true)
    // What is made anew is another document than the one of which somebody still has the version.
    const third = await put(0, 'third')
    expect(third.version).toBeGreaterThan(second.version)
  })

  test('of 20 who change a document at once, again and again, no change is lost', async () => {
    await using place = await newPlace()
    await using one = await place.open()
    await using two = await place.open()
    const count = async (records: RecordStore): Promise<void> => {
      for (;;) {
        const held = await records.get('setting', 'count')
        const body = String(Number(held?.body ?? 0) + 1)
        const record = {
          kind: 'setting',
          name: 'count',
          version: held?.version ?? 0,
          body,
        } as const
        const isStored = await records.put(record).then(
          () => true,
          (reason: { code: string }) => {
            expect(reason.code).toBe('conflict')
            return false
          },
        )
        if (isStored) return
      }
    }
    await Promise.all(Array.from({ length: 20 }, (_, at) => count((at % 2 ? one : two).records)))
    expect((await one.records.get('setting', 'count'))?.body).toBe('20')
    expect(await two.records.list('setting')).toEqual(await one.records.list('setting'))
  })
}

function testContents(newPlace: () => Promise<RecordPlace>): void {
  test('names and bodies come back byte by byte, in one order, also after the store was opened anew', async () => {
    await using place = await newPlace()
    const names = [
      '=',
      '#',
      'last',
      'a b',
      'A',
      'a',
      'ä',
      '漢',
      '🙂',
      '\u0000',
      '\n',
      '{x}',
      '\ufeff',
    ]
    names.push('/'.repeat(limits.recordNameBytesMax))
    const bodies = ['', ' {"a" : "\u0000\ufeff🙂"}\n', 'x'.repeat(limits.recordBytesMax)]
    const put: StoredRecord[] = []
    {
      await using store = await place.open()
      for (const [at, name] of names.entries()) {
        const body = bodies[at % bodies.length] ?? ''
        put.push(await store.records.put({ kind: 'saved-command', name, body }))
      }
    }
    await using store = await place.open()
    const expected = put.toSorted((a, b) => (a.name < b.name ? -1 : 1))
    expect(await store.records.list('saved-command')).toEqual(expected)
    for (const record of put) {
      expect(await store.records.get('saved-command', record.name)).toEqual(record)
    }
  })

  test('a document or a name that is too large, or no text, is refused with a sentence', async () => {
    await using place = await newPlace()
    await using store = await place.open()
    const put = (name: string, body: string) => store.records.put({ kind: 'host', name, body })
    await expect(put('', '{}')).rejects.toThrow(/name of 0 bytes/)
    const long = 'ä'.repeat(limits.recordNameBytesMax / 2)
    await expect(put(`${long}x`, '{}')).rejects.toThrow(/name of 1025 bytes/)
    await expect(put('a', 'x'.repeat(limits.recordBytesMax + 1))).rejects.toThrow(/65537 bytes/)
    await expect(put('a', '\ud800')).rejects.toMatchObject({ code: 'bad-request' })
    expect(await store.records.list('host')).toEqual([])
  })

  test('over the limit of a kind a new document is refused, and those that are there can be changed', async () => {
    await using place = await newPlace()
    await using store = await place.open()
    const put = (kind: RecordKind, at: number) =>
      store.records.put({ kind, name: `${at}`, body: '{}' })
    const all = Array.from({ length: limits.recordsPerKindMax }, (_, at) => put('host', at))
    await Promise.all(all)
    await expect(put('host', -1)).rejects.toMatchObject({ code: 'conflict' })
    await put('host', 7)
    await put('alert', -1)
    await store.records.remove('host', '8')
    await put('host', -1)
    expect(await store.records.list('host')).toHaveLength(limits.recordsPerKindMax)
  })
}
