/** Containers of a real Docker and a real Podman: followed, and offered. */
import { chmodSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { randomName } from '../../src/adapters/system/ids.ts'
import { completeSource } from '../../src/core/hosts/complete-source.ts'
import { createMemoryStore } from '../../src/core/store/memory-store.ts'
import type { Channel } from '../../src/shared/channel.ts'
import { parseDestination } from '../../src/shared/destination.ts'
import { textsOf } from '../../src/shared/line-group.ts'
import { busyboxTools, type Tools } from '../support/busybox-tools.ts'
import { startDocker } from '../support/docker.ts'
import type { Engine } from '../support/engine.ts'
import { hostsWith } from '../support/path-hosts.ts'
import { startPodman } from '../support/podman.ts'
import { startRunService } from '../support/run-service.ts'
import { until } from '../support/until.ts'

/** A run that follows a container of the engine on a host of BusyBox programs, and what it has stored. */
async function follow(
  path: string,
  { name, lines, user = [] }: { name: string; lines: number; user?: readonly string[] },
) {
  const hosts = hostsWith(path, [...user, '/bin/busybox', 'sh'])
  const store = createMemoryStore()
  const service = startRunService(hosts, store)
  const request = { target: 'web-1', source: { kind: 'container', name, lines } } as const
  const { id } = await service.start({ request })
  const texts = async (channel: Channel) => {
    const groups = await store.log.read(id, 0, 64_000_000)
    return groups.filter((group) => group.channel === channel).flatMap((group) => textsOf(group))
  }
  return {
    cut: () => hosts.cut(),
    service,
    texts,
    task: async () => (await service.get(id)).tasks[0],
    has: (text: string, channel: Channel = 'out') =>
      until(
        `"${text}" is stored`,
        async () => (await texts(channel)).some((line) => line.startsWith(text)),
        30_000,
      ),
    async [Symbol.asyncDispose]() {
      await service[Symbol.asyncDispose]()
      await hosts[Symbol.asyncDispose]()
    },
  }
}

describe.each([
  ['Docker', startDocker],
  ['Podman', () => Promise.resolve(startPodman())],
  ['Podman that is called docker', () => Promise.resolve(startPodman({ asDocker: true }))],
] as const)('a container of a real %s', (_, start) => {
  let engine: Engine
  let tools: Tools
  let path: string

  beforeAll(async () => {
    engine = await start()
    tools = busyboxTools()
    path = `${engine.path}:${tools.path}`
  })

  afterAll(async () => {
    await engine?.[Symbol.asyncDispose]()
    tools?.[Symbol.dispose]()
  })

  test('is followed line by line over its restart, its stop and its start, and over cuts', async () => {
    engine.run(
      'shop',
      'n=0; while [ $n -lt 300 ]; do n=$((n+1)); echo out $n; echo err $n >&2; done; sleep 1; echo all; sleep 600',
    )
    await until('it has printed', () => engine.command('logs', 'shop').includes('all'))
    await using run = await follow(path, { name: 'shop', lines: 3 })
    await run.has('all')
    engine.command('restart', '--time', '0', 'shop')
    run.cut()
    const second = async () => (await run.texts('out')).filter((line) => line === 'all').length >= 2
    await until('it goes on after the restart', second, 30_000)
    engine.command('stop', '--time', '0', 'shop')
    await run.has('waiting', 'note')
    engine.command('start', 'shop')
    const third = async () => (await run.texts('out')).filter((line) => line === 'all').length >= 3
    await until('it goes on after the start', third, 30_000)
    const once = Array.from({ length: 300 }, (_, at) => at + 1)
    const whole = [...once.map((n) => `out ${n}`), 'all']
    const out = await run.texts('out')
    expect(out.slice(-2 * whole.length)).toEqual([...whole, ...whole])
    expect(out.length).toBeLessThanOrEqual(2 * whole.length + 3)
    const errors = once.map((n) => `err ${n}`)
    expect((await run.texts('err')).slice(-600)).toEqual([...errors, ...errors])
    expect((await run.task())?.state).toBe('running')
  })

  test('gives a long line whole, and no words of the engine itself', async () => {
    // Live: with --tail the engines count the parts of such a line as lines, and Podman 4.3 mixes them.
    engine.run(
      'long',
      "echo begin; sleep 3; head -c 100000 /dev/zero | tr '\\0' x; echo; echo end; sleep 600",
    )
    await using run = await follow(path, { name: 'long', lines: 2 })
    await run.has('end')
    const out = await run.texts('out')
    expect(out.map((line) => line.replace(/x+/g, (all) => `${all.length} x`))).toEqual([
      'begin',
      '100000 x',
      'end',
    ])
    expect(await run.texts('note')).toEqual(['connected to web-1'])
  })

  test('is offered, be it running, stopped or never started, whatever its name', async () => {
    for (const name of ['shop', 'shop.2_b-C', 'zebra']) engine.run(name, 'sleep 600')
    engine.run('shop-gone', 'exit 3')
    await using hosts = hostsWith(path, ['/bin/busybox', 'sh'])
    const parts = { hosts, clock: systemClock, newNonce: () => randomName(24) }
    const request = { kind: 'container', prefix: 'shop' } as const
    const found = await completeSource(parts, parseDestination('web-1'), {
      request,
      signal: AbortSignal.timeout(20_000),
    })
    expect(found).toEqual({ candidates: ['shop', 'shop-gone', 'shop.2_b-C'], isCut: false })
  })
})

test('who may not use the socket of Docker is told so, and what to do', async () => {
  await using docker = await startDocker()
  using tools = busyboxTools()
  docker.run('shop', 'echo begin; sleep 600')
  chmodSync(tools.path, 0o755)
  const user = ['/usr/bin/setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']
  const path = `${docker.path}:${tools.path}`
  await using run = await follow(path, { name: 'shop', lines: 1, user })
  const task = await until('it has ended', async () => {
    const now = await run.task()
    return now?.state === 'failed' && now
  })
  expect(task.message).toMatch(/permission denied .*: add it to the group "docker"/)
})
