import { describe, expect, it } from 'vitest'
import { createMemoryStore, type MemoryStore } from '../../src/core/store/memory-store.ts'
import { textsOf } from '../../src/shared/line-group.ts'
import type { RunId } from '../../src/shared/run.ts'
import { startJournal } from '../support/journal.ts'
import { hostsWith } from '../support/path-hosts.ts'
import { startRunService } from '../support/run-service.ts'
import { until } from '../support/until.ts'

const unit = (lines: number) => ({
  request: {
    target: 'web-1',
    source: { kind: 'journal', unit: 'app.service', lines } as const,
  },
})

async function rows({ log }: MemoryStore, run: RunId): Promise<[channel: string, text: string][]> {
  const groups = await log.read(run, 0, 4_000_000)
  return groups.flatMap((group) =>
    textsOf(group).map((text): [string, string] => [group.channel, text]),
  )
}

async function messages(store: MemoryStore, run: RunId): Promise<string[]> {
  const all = await rows(store, run)
  return all
    .filter(([channel]) => channel === 'out')
    .map(([, text]) => text.replace(/^\S+Z web-1 app\[12\]: /, ''))
}

describe('a run that follows a journal', () => {
  it('begins with the last entries, and gives each one once over cuts', async () => {
    await using journal = startJournal()
    await using hosts = hostsWith(`${journal.path}:${process.env['PATH']}`)
    const store = createMemoryStore()
    await using service = startRunService(hosts, store)
    for (const message of ['first', 'second']) journal.write(message)
    await journal.holds(2)
    const { id } = await service.start(unit(1))
    await until('it begins', async () => (await messages(store, id)).at(-1) === 'second')
    let number = 0
    for (let cut = 0; cut < 3; cut += 1) {
      for (let count = 0; count < 100; count += 1) journal.write(`entry ${(number += 1)}`)
      const last = `entry ${number - 50}`
      await until('some are stored', async () => (await messages(store, id)).includes(last))
      hosts.cut()
      for (let count = 0; count < 100; count += 1) journal.write(`entry ${(number += 1)}`)
    }
    const all = Array.from({ length: number }, (_, at) => `entry ${at + 1}`)
    const isWhole = async () => (await messages(store, id)).at(-1) === `entry ${number}`
    await until('all are stored', isWhole)
    expect((await messages(store, id)).slice(-number)).toEqual(all)
    expect((await service.get(id)).gaps).toBe(0)
    await service.stop(id)
    await until('it has ended', async () => (await service.get(id)).state === 'ended')
  })

  it('gives messages of several lines and of bytes that are no text', async () => {
    await using journal = startJournal()
    await using hosts = hostsWith(`${journal.path}:${process.env['PATH']}`)
    const store = createMemoryStore()
    await using service = startRunService(hosts, store)
    journal.write('two\nlines')
    journal.write(Uint8Array.of(0x61, 0xff, 0x01, 0x62))
    await journal.holds(2)
    const { id } = await service.start(unit(2))
    const isThere = async () => (await messages(store, id)).length >= 3
    await until('both are stored', isThere)
    expect((await messages(store, id)).slice(-3)).toEqual(['two', 'lines', 'a\ufffd\u0001b'])
    const [line] = await rows(store, id).then((all) => all.filter(([channel]) => channel === 'out'))
    expect(line?.[1]).toMatch(/^2025-11-13T\d\d:13:2\d\.000Z web-1 app\[12\]: two$/)
  })

  it('gives all of the first entries of a unit that had none, also those that come together', async () => {
    await using journal = startJournal()
    await using hosts = hostsWith(`${journal.path}:${process.env['PATH']}`)
    const store = createMemoryStore()
    await using service = startRunService(hosts, store)
    await journal.boot()
    const { id } = await service.start(unit(10))
    const isReady = async () => (await service.get(id)).tasks[0]?.state === 'running'
    await until('it is followed', isReady, 20_000)
    const all = Array.from({ length: 200 }, (_, at) => `entry ${at}`)
    // The journal's own clock is that of the host, which the start was told of.
    for (const [at, text] of all.entries()) journal.write(text, Date.now() + 1_000 + at)
    await until('the last is stored', async () => (await messages(store, id)).at(-1) === all.at(-1))
    expect(await messages(store, id)).toEqual(all)
  })

  it('tells a gap when the journal has removed the entry that was read last', async () => {
    await using journal = startJournal()
    await using hosts = hostsWith(`${journal.path}:${process.env['PATH']}`)
    const store = createMemoryStore()
    await using service = startRunService(hosts, store)
    journal.write('old')
    await journal.holds(1)
    const { id } = await service.start(unit(1))
    await until('it begins', async () => (await messages(store, id)).at(-1) === 'old')
    hosts.cut()
    await journal.vacuum()
    journal.write('new')
    await until('it goes on', async () => (await messages(store, id)).at(-1) === 'new')
    expect((await service.get(id)).gaps).toBe(1)
  })
})
