import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { createMemoryStore, type MemoryStore } from '../../src/core/store/memory-store.ts'
import { textsOf } from '../../src/shared/line-group.ts'
import type { RunId } from '../../src/shared/run.ts'
import { localHosts } from '../support/local-hosts.ts'
import { removeFolderSync } from '../support/remove-folder.ts'
import { startRunService } from '../support/run-service.ts'
import { until } from '../support/until.ts'

let directory = ''
let one = ''
let two = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fg-tail-'))
  one = join(directory, 'one.log')
  two = join(directory, 'two.log')
  return () => removeFolderSync(directory)
})

const files = (paths: readonly string[], lines = 10) => ({
  request: { target: 'web-1', source: { kind: 'files', paths, lines } as const },
})

/** What the store holds of a run: `file: line`, or `note: text`. */
async function stored({ log }: MemoryStore, run: RunId): Promise<string[]> {
  const groups = await log.read(run, 0, 1_000_000)
  return groups.flatMap((group) =>
    textsOf(group).map((text) => `${group.file?.split('/').at(-1) ?? group.channel}: ${text}`),
  )
}

async function shows(store: MemoryStore, run: RunId, lines: readonly string[]): Promise<void> {
  const ours = async () => (await stored(store, run)).filter((line) => !line.startsWith('note: '))
  const isThere = async () => JSON.stringify(await ours()) === JSON.stringify(lines)
  await until(`${JSON.stringify(lines)} is stored`, isThere).catch(async (thrown) => {
    throw new Error(`${String(thrown)} But: ${JSON.stringify(await stored(store, run))}`)
  })
}

describe('a run that follows files', () => {
  it('stores the lines of each file under its name, over a cut, until it is stopped', async () => {
    writeFileSync(one, 'a\n')
    writeFileSync(two, 'b\n')
    const store = createMemoryStore()
    await using hosts = localHosts()
    await using service = startRunService(hosts, store)
    const { id } = await service.start(files([one]))
    await until('it runs', async () => (await service.get(id)).tasks[0]?.state === 'running')
    await shows(store, id, ['one.log: a'])
    hosts.connected[0]?.sessions[0]?.cut()
    appendFileSync(one, 'c\nhalf')
    await shows(store, id, ['one.log: a', 'one.log: c'])
    const run = await service.stop(id)
    expect(run.state).toBe('stopping')
    await until('it has ended', async () => (await service.get(id)).state === 'ended')
    await shows(store, id, ['one.log: a', 'one.log: c', 'one.log: half'])
    expect((await service.get(id)).outcome).toBe('stopped')
    const notes = (await stored(store, id)).filter((line) => line.startsWith('note: '))
    expect(notes.map((note) => note.split(' ')[1])).toEqual([
      'following',
      'connected',
      'disconnected:',
      'reconnected',
      'stopped:',
      'ended',
    ])
  })

  it('is followed on by the next server, exactly where the one before was killed', async () => {
    writeFileSync(one, 'a\n')
    writeFileSync(two, 'b\n')
    const store = createMemoryStore()
    await using hosts = localHosts()
    await using first = startRunService(hosts, store)
    const { id } = await first.start(files([join(directory, '*.log')]))
    await until('it runs', async () => (await first.get(id)).tasks[0]?.state === 'running')
    await until('both are stored', async () => (await first.get(id)).lines === 2)
    appendFileSync(one, 'c\nunfin')
    await until('it is stored', async () => (await first.get(id)).lines === 3)
    await first.close()
    appendFileSync(one, 'ished\n')
    renameSync(one, `${one}.1`)
    writeFileSync(one, 'd\n')
    await using second = startRunService(hosts, store)
    await second.recover('all')
    await until('all is stored', async () => (await second.get(id)).lines === 5)
    const lines = (await stored(store, id)).filter((line) => line.startsWith('one.log'))
    expect(lines).toEqual(['one.log: a', 'one.log: c', 'one.log: unfinished', 'one.log: d'])
    expect((await second.get(id)).gaps).toBe(0)
  })

  it('tells a gap as a row, and counts it', async () => {
    writeFileSync(one, 'a\nb\n')
    const store = createMemoryStore()
    await using hosts = localHosts()
    await using service = startRunService(hosts, store)
    const { id } = await service.start(files([one]))
    await shows(store, id, ['one.log: a', 'one.log: b'])
    rmSync(one)
    await until('the gap is told', async () => (await service.get(id)).gaps === 1)
    expect((await stored(store, id)).some((line) => line.startsWith('note: gap:'))).toBe(true)
  })
})
