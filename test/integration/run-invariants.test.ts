/** What holds for every run, whatever store, host and network do: invariants 5, 6, 9 and 10. */
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RemoteChannel, RemoteHosts } from '../../src/core/remote/remote-host.ts'
import type { FeedItem } from '../../src/core/runs/run-service.ts'
import { createMemoryStore } from '../../src/core/store/memory-store.ts'
import { AppError } from '../../src/shared/errors.ts'
import type { Run } from '../../src/shared/run.ts'
import { startFarglass } from '../support/farglass.ts'
import { makeGate } from '../support/gate.ts'
import { startHttpServer } from '../support/http-server.ts'
import { localHosts } from '../support/local-hosts.ts'
import { postJson, type SseStream, watch } from '../support/raw-http.ts'
import { command, linesOf, slowStore, startRunService } from '../support/run-service.ts'
import { startClient } from '../support/ssh-client.ts'
import { startSshd } from '../support/sshd.ts'
import { until } from '../support/until.ts'

const seed = Number(process.env['FARGLASS_TEST_SEED'] ?? Date.now() % 1_000_000)
let directory: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fg-invariants-'))
})

afterAll(() => rm(directory, { recursive: true, force: true }))

const textOf = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : '')

test('back-pressure reaches the remote command: it waits while the store is slow, and memory is bounded', async () => {
  await using sshd = await startSshd()
  await using client = await startClient(sshd.sshConfigFile)
  const { store, open } = slowStore()
  await using service = startRunService(client.hosts, store)
  const file = join(directory, 'written')
  const blocks = 600
  const { id } = await service.start(
    command(
      `block=$(head -c 65535 /dev/zero | tr '\\0' x); n=0
       while [ $n -lt ${blocks} ]; do printf '%s\\n' "$block"; n=$((n+1)); echo $n > ${file}; done`,
    ),
  )
  const before = process.memoryUsage.rss()
  const written = await steady(() => Number(textOf(file)))
  // 2 MiB wait for the store, 2 MiB in the window of SSH, the rest in pipes on the way.
  expect(written * 64).toBeLessThan(8 * 1024)
  expect(process.memoryUsage.rss() - before).toBeLessThan(48 * 1024 * 1024)
  expect((await service.get(id)).next).toBe(0)
  open()
  const run = await until('the run ends', async () => endedRun(await service.get(id)))
  expect(run).toMatchObject({ outcome: 'succeeded', lines: blocks })
  expect(Number(textOf(file))).toBe(blocks)
})

/** The value once it has been above 0 and the same for a second. */
async function steady(value: () => number): Promise<number> {
  let last = -1
  return until('it stands still', async () => {
    await sleep(1_000)
    const now = value()
    const stands = now > 0 && now === last
    last = now
    return stands && now
  })
}

function endedRun(run: Run): Run | false {
  return run.state === 'ended' && run
}

test('every event that moves the cursor carries it, and no other event has an id', async () => {
  await using server = await startHttpServer()
  await using gate = await makeGate()
  const text = `printf "Name: "; ${gate.wait}; echo x; echo y >&2; seq 1 3000; printf end; exit 2`
  const { id } = await server.run(text)
  const one = await watch(`${server.base}/api/v1/runs/${id}/stream`)
  const many = await watch(`${server.base}/api/v1/stream?runs=${id}`)
  const article = await watch(`${server.base}/stream?channel=${id}`)
  await one.event(({ event }) => event === 'partial')
  await gate.open()
  const { next } = await server.ended(id)
  const late = await watch(`${server.base}/api/v1/runs/${id}/stream?from=${next + 7}`)
  for (const stream of [one, many, article, late]) expect(await stream.over).toBe('ended')
  const kinds = (stream: SseStream) => new Set(stream.events.map(({ event }) => event))
  expect(kinds(one)).toEqual(new Set(['run', 'lines', 'partial', 'task', 'end']))
  expect(kinds(late)).toEqual(new Set(['run', 'reset', 'end']))
  for (const [stream, prefix] of [
    [one, ''],
    [late, ''],
    [many, `${id}:`],
  ] as const) {
    for (const { event, id: cursor, data } of stream.events) {
      const fields = JSON.parse(data ?? '{}') as { next?: number; from?: number }
      const moves = fields.next ?? fields.from
      expect([event, cursor]).toEqual([event, moves === undefined ? undefined : prefix + moves])
    }
  }
  const cursors = article.events.map(({ id: cursor }) => Number(cursor))
  expect(cursors).toEqual(cursors.toSorted((a, b) => a - b))
  expect(cursors.at(-1)).toBe(next)
})

describe('a run is not ended before its last byte is stored', () => {
  test('not while the disk still holds back its last line', async () => {
    const { store, release, waiting } = slowStore()
    await using service = startRunService(localHosts(), store)
    const file = join(directory, 'done')
    const { id } = await service.start(command(`printf 'last words'; : > ${file}; exit 3`))
    const items: FeedItem[] = []
    const following = (async () => {
      for await (const item of service.follow(id, 0, new AbortController().signal)) items.push(item)
    })()
    await until('the command has ended', () => existsSync(file))
    await until('its lines wait for the disk', () => waiting() > 0)
    for (;;) {
      const shown = items.flatMap(linesOf).map(([, text]) => text)
      const ended = items.some(({ kind }) => kind === 'end')
      const [live, stored] = [await service.get(id), await store.catalog.get(id)]
      if (ended || live.state === 'ended' || stored?.state === 'ended') {
        const { next } = await store.log.bounds(id)
        const kept = (await store.log.read(id, 0, 1_000_000)).map(({ bytes }) => bytes)
        expect(Buffer.concat(kept).toString()).toContain('last words')
        expect(stored).toMatchObject({ state: 'ended', next, lines: 1 })
      }
      if (ended) {
        expect(shown).toContain('last words')
        break
      }
      await release()
      await sleep(5)
    }
    await following
  })

  test(`nor when the server is killed with -9 in between (seed ${seed})`, async () => {
    await using sshd = await startSshd()
    await using server = await startFarglass({ sshConfigFile: sshd.sshConfigFile })
    const lines = 2_000
    for (let turn = 0; turn < 4; turn++) {
      const source = { kind: 'command', command: `seq 1 ${lines}` } as const
      const starting = Array.from({ length: 12 }, () =>
        server.api.start({ target: sshd.alias, source }),
      )
      const ids = (await Promise.all(starting)).map(({ id }) => id)
      await sleep(((seed + turn * 7_919) * 31) % 400)
      await server.kill('SIGKILL')
      await server.restart()
      for (const id of ids) {
        const run = await until('it ends', async () => endedRun(await server.api.get(id)))
        const answer = await server.api.request(`/api/v1/runs/${id}/raw?task=0&channel=out`)
        const bytes = await answer.text()
        // All of it, by whichever process; or nothing, when the server died before the start.
        if (run.outcome === 'succeeded') expect(bytes).toBe(seq(lines))
        else expect(run.tasks[0]).toMatchObject({ state: 'failed', code: 'server-stopped' })
        expect(run.tasks[0]?.outBytes).toBe(bytes.length)
      }
    }
  })
})

const seq = (count: number) => Array.from({ length: count }, (_, at) => `${at + 1}\n`).join('')

describe('a command starts at most once', () => {
  const request = (file: string) => ({
    target: 'web-1',
    source: { kind: 'command', command: `echo started >> ${file}; sleep 0.3` },
  })

  test('when the connection drops between its start and its first answer', async () => {
    const file = join(directory, 'dropped')
    const hosts = hostsThatDrop(() => until('it has started', () => textOf(file) !== ''))
    const store = createMemoryStore()
    await using service = startRunService(hosts, store)
    const key = { key: 'k', digest: 'd' }
    const start = { ...command(`echo started >> ${file}; sleep 0.2`), key }
    const { id } = await service.start(start)
    const run = await until('the run ends', async () => endedRun(await service.get(id)))
    expect(run).toMatchObject({ outcome: 'failed' })
    expect(run.tasks[0]).toMatchObject({ state: 'failed', code: 'connection-lost' })
    // Neither the same request nor the next server starts it again.
    expect((await service.start(start)).id).toBe(id)
    await using next = startRunService(hosts, store)
    await next.recover('all')
    expect((await next.start(start)).id).toBe(id)
    expect(hosts.opened()).toBe(1)
    expect(textOf(file)).toBe('started\n')
  })

  test('when the same request comes 20 times at once with one Idempotency-Key', async () => {
    await using server = await startHttpServer()
    const file = join(directory, 'at-once')
    const headers = { 'idempotency-key': 'one' }
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        postJson(`${server.base}/api/v1/runs`, request(file), headers),
      ),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]))
    const ids = new Set(answers.map(({ json }) => (json as Run).id))
    expect(ids.size).toBe(1)
    for (const id of ids) await server.ended(id)
    expect(textOf(file)).toBe('started\n')
  })

  test('when the server is killed before it could answer, and is asked again', async () => {
    await using sshd = await startSshd()
    await using server = await startFarglass({ sshConfigFile: sshd.sshConfigFile, auth: 'none' })
    const file = join(directory, 'killed')
    const headers = { 'idempotency-key': 'two' }
    const post = () => postJson(`${server.url}/api/v1/runs`, request(file), headers)
    const first = (await post()).json as Run
    await until('it has started', () => textOf(file) !== '')
    await server.kill('SIGKILL')
    await server.restart()
    const second = (await post()).json as Run
    expect(second.id).toBe(first.id)
    const run = await until('it ends', async () => endedRun(await server.api.get(first.id)))
    expect(run.outcome).toBe('succeeded')
    expect(textOf(file)).toBe('started\n')
  })
})

test('a stop that comes while the session is being opened is not forgotten', async () => {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  const asked = { open: false }
  const hosts = wrapped(async (channel) => {
    asked.open = true
    await opened
    return channel()
  })
  await using service = startRunService(hosts, createMemoryStore())
  const { id } = await service.start(command('echo up; sleep 631'))
  await until('a session is asked for', () => asked.open)
  await service.stop(id)
  open()
  const run = await until('the run ends', async () => endedRun(await service.get(id)))
  expect(run).toMatchObject({ outcome: 'stopped' })
  expect(run.tasks[0]).toMatchObject({ state: 'ended', signal: 'TERM' })
})

/** Local hosts whose sessions go through `open`. */
function wrapped(
  open: (channel: () => Promise<RemoteChannel>) => Promise<RemoteChannel>,
): RemoteHosts {
  const inner = localHosts()
  return {
    async connect(request, signal) {
      const host = await inner.connect(request, signal)
      return {
        ...host,
        open: (session) => open(() => host.open(session)),
        [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
      }
    },
    [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  }
}

/** Hosts of which nothing is ever heard, and whose connection breaks at `begun`. */
function hostsThatDrop(begun: () => Promise<unknown>): RemoteHosts & { opened(): number } {
  let opened = 0
  const cut = async (): Promise<never> => {
    await begun()
    throw new AppError('connection-lost', 'The connection was cut.')
  }
  const hosts = wrapped(async (open) => {
    opened += 1
    const channel = await open()
    return {
      output: { [Symbol.asyncIterator]: () => ({ next: cut }) },
      status: null,
      send: (text) => channel.send(text),
      end: () => channel.end(),
      [Symbol.asyncDispose]: () => channel[Symbol.asyncDispose](),
    }
  })
  return Object.assign(hosts, { opened: () => opened })
}
