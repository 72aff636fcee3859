import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createMemoryStore, type MemoryStore } from '../../src/core/store/memory-store.ts'
import { textsOf } from '../../src/shared/line-group.ts'
import type { RunId } from '../../src/shared/run.ts'
import { type Container, startContainer } from '../support/container.ts'
import { hostsWith } from '../support/path-hosts.ts'
import { startRunService } from '../support/run-service.ts'
import { seededRandom, seedOfProcess } from '../support/seeded-random.ts'
import { setLimit } from '../support/set-limit.ts'
import { until } from '../support/until.ts'

const shells = [
  ['dash', ['dash']],
  ['bash', ['bash', '--posix']],
  ['BusyBox', ['busybox', 'sh']],
] as const

const follow = (lines: number, name = 'shop') => ({
  request: { target: 'web-1', source: { kind: 'container', name, lines } as const },
})

const withEngine = (container: Container) => `${container.path}:${process.env['PATH']}`

async function texts(
  { log }: MemoryStore,
  run: RunId,
  channel: 'out' | 'err' | 'note',
): Promise<string[]> {
  const groups = await log.read(run, 0, 16_000_000)
  return groups.filter((group) => group.channel === channel).flatMap((group) => textsOf(group))
}

/** A container that prints, its host, and a service that has nothing yet. */
function startFollowing(shell: readonly string[] = ['dash']) {
  const container = startContainer()
  const hosts = hostsWith(withEngine(container), shell)
  const store = createMemoryStore()
  const service = startRunService(hosts, store)
  return {
    container,
    hosts,
    store,
    service,
    async [Symbol.asyncDispose]() {
      await service[Symbol.asyncDispose]()
      await hosts[Symbol.asyncDispose]()
      container[Symbol.dispose]()
    },
  }
}

describe('a run that follows a container', () => {
  it.each(shells)(
    'begins with its last lines, stdout and stderr apart, under %s',
    async (_, shell) => {
      await using all = startFollowing(shell)
      const { container, store, service } = all
      for (const text of ['older', 'old', 'new']) container.print('out', text)
      container.print('err', 'trouble')
      const { id } = await service.start(follow(3))
      await until('it begins', async () => (await texts(store, id, 'err')).length === 1)
      container.print('out', 'live')
      await until('it goes on', async () => (await texts(store, id, 'out')).at(-1) === 'live')
      expect(await texts(store, id, 'out')).toEqual(['old', 'new', 'live'])
      await service.stop(id)
      await until('it has ended', async () => (await service.get(id)).state === 'ended')
      expect((await texts(store, id, 'note')).at(-2)).toMatch(/^stopped: 1 process gone/)
    },
  )

  it('gives each line of both channels once over cuts, also those of one moment', async () => {
    const seed = seedOfProcess()
    const random = seededRandom(seed).next
    await using all = startFollowing()
    const { container, hosts, store, service } = all
    container.print('out', 'out 0')
    const { id } = await service.start(follow(1))
    await until('it begins', async () => (await texts(store, id, 'out')).length === 1)
    const printed = { out: ['out 0'], err: [] as string[] }
    let stamp = container.stamp()
    const print = () => {
      // Many lines have one stamp, as programs print them in one write.
      if (random() < 0.2) stamp = container.stamp()
      const channel = random() < 0.8 ? 'out' : 'err'
      printed[channel].push(`${channel} ${printed[channel].length}`)
      container.print(channel, printed[channel].at(-1) ?? '', stamp)
    }
    for (let cut = 0; cut < 4; cut += 1) {
      for (let count = 0; count < 300; count += 1) print()
      const wanted = Math.floor(printed.out.length - 100 * random())
      await until(
        `some are stored (seed ${seed})`,
        async () => (await texts(store, id, 'out')).length >= wanted,
      )
      hosts.cut()
      for (let count = 0; count < 50; count += 1) print()
    }
    for (const channel of ['out', 'err'] as const) {
      const isWhole = async () =>
        (await texts(store, id, channel)).length >= printed[channel].length
      await until(`all of ${channel} are stored (seed ${seed})`, isWhole)
      expect(await texts(store, id, channel), `seed ${seed}`).toEqual(printed[channel])
    }
    expect((await service.get(id)).gaps).toBe(0)
  })

  it('goes on when the container runs again, and reads another one of its name from the first line', async () => {
    await using all = startFollowing()
    const { container, store, service } = all
    container.print('out', 'one')
    const { id } = await service.start(follow(1))
    const last = (text: string) => async () => (await texts(store, id, 'out')).at(-1) === text
    const isTold = (word: string) => async () =>
      (await texts(store, id, 'note')).some((note) => note.startsWith(word))
    await until('it begins', last('one'))
    container.stop()
    await until('the end is told', isTold('waiting'))
    container.start()
    container.print('out', 'two')
    await until('it goes on', last('two'))
    container.replace()
    container.print('out', 'first of the other')
    container.print('out', 'second of the other')
    await until('the other is read', last('second of the other'))
    container.remove()
    container.start()
    container.print('out', 'back')
    await until('it came back', last('back'))
    const lines = ['one', 'two', 'first of the other', 'second of the other', 'back']
    expect(await texts(store, id, 'out')).toEqual(lines)
    const notes = await texts(store, id, 'note')
    expect(notes.filter((note) => note.startsWith('replaced'))).toHaveLength(1)
    expect((await service.get(id)).gaps).toBe(0)
  })

  it('tells a gap when the engine has dropped the line that was read last', async () => {
    await using all = startFollowing()
    const { container, hosts, store, service } = all
    container.print('out', 'old')
    const { id } = await service.start(follow(1))
    await until('it begins', async () => (await texts(store, id, 'out')).at(-1) === 'old')
    hosts.cut()
    container.forget()
    container.print('out', 'new')
    await until('it goes on', async () => (await texts(store, id, 'out')).at(-1) === 'new')
    expect((await service.get(id)).gaps).toBe(1)
  })

  it('asks anew when nothing came for long, and hears again what its reader no longer heard', async () => {
    onTestFinished(setLimit('containerSilenceMs', 1_500))
    await using all = startFollowing()
    const { container, store, service } = all
    container.print('out', 'one')
    const { id } = await service.start(follow(1))
    const last = (text: string) => async () => (await texts(store, id, 'out')).at(-1) === text
    await until('it begins', last('one'))
    container.deafen()
    container.print('out', 'two')
    container.print('out', 'three')
    await until('it hears again', last('three'))
    expect(await texts(store, id, 'out')).toEqual(['one', 'two', 'three'])
    expect((await texts(store, id, 'note')).join('\n')).toBe('connected to web-1')
  })

  it('waits for a container that was removed, and never says that its host is away', async () => {
    onTestFinished(setLimit('containerSilenceMs', 1_000))
    await using all = startFollowing()
    const { container, hosts, store, service } = all
    container.print('out', 'one')
    const { id } = await service.start(follow(1))
    const last = (text: string) => async () => (await texts(store, id, 'out')).at(-1) === text
    const notes = () => texts(store, id, 'note')
    await until('it begins', last('one'))
    container.remove()
    hosts.cut()
    const isTold = async () =>
      (await notes()).some((note) => note.includes('there is none of that'))
    await until('its absence is told', isTold)
    expect((await service.get(id)).tasks[0]?.state).toBe('running')
    const opened = hosts.opened()
    await until('it was asked for again and again', () => hosts.opened() > opened + 1)
    container.start()
    container.print('out', 'back')
    await until('it is back', last('back'))
    const kinds = (await notes()).map((note) => note.split(' ')[0])
    expect(kinds).toEqual(['connected', 'disconnected:', 'reconnected', 'waiting'])
    expect(await texts(store, id, 'out')).toEqual(['one', 'back'])
  })

  it('says in the words of the engine why it gives nothing', async () => {
    using container = startContainer()
    container.hide()
    await using hosts = hostsWith(withEngine(container))
    const store = createMemoryStore()
    await using service = startRunService(hosts, store)
    const { id } = await service.start(follow(1))
    const words = 'configured logging driver does not support reading'
    const isTold = async () =>
      (await texts(store, id, 'note')).some((note) => note.startsWith('engine: it said'))
    await until('it is told', isTold)
    expect((await texts(store, id, 'note')).join('\n')).toContain(words)
    expect(await texts(store, id, 'err')).toEqual([])
  })

  it('gives a long line whole, without the stamps that stand between its parts', async () => {
    await using all = startFollowing()
    const { container, store, service } = all
    const long = Array.from({ length: 9_000 }, (_, at) => `word ${at}`).join(' ')
    container.print('out', long)
    container.print('out', 'x'.repeat(16_384))
    const { id } = await service.start(follow(2))
    await until('both are there', async () => (await texts(store, id, 'out')).length === 2)
    expect(await texts(store, id, 'out')).toEqual([long, 'x'.repeat(16_384)])
  })

  it('says what is wrong: no such container, no engine', async () => {
    using container = startContainer()
    const programs = mkdtempSync(join(tmpdir(), 'fg-path-'))
    onTestFinished(() => rmSync(programs, { recursive: true }))
    for (const name of ['date', 'sleep', 'printf'])
      symlinkSync(`/bin/${name}`, join(programs, name))
    for (const [path, said] of [
      [withEngine(container), 'No such container: nothing'],
      [programs, 'it has neither docker nor podman'],
    ] as const) {
      await using hosts = hostsWith(path, ['/bin/dash'])
      await using service = startRunService(hosts, createMemoryStore())
      const { id } = await service.start(follow(1, 'nothing'))
      await until('it has ended', async () => (await service.get(id)).state === 'ended')
      const [task] = (await service.get(id)).tasks
      expect(task).toMatchObject({ state: 'failed', code: 'start-failed' })
      expect(task?.message).toContain(said)
    }
  })
})
