/** Durable runs through the run service: cuts, hosts that are away, and processes that are gone. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { randomName } from '../../src/adapters/system/ids.ts'
import type { RemoteHosts } from '../../src/core/remote/remote-host.ts'
import { endGroup } from '../../src/core/runs/modes/held-session.ts'
import type { FeedItem } from '../../src/core/runs/run-service.ts'
import type { LocalRunService } from '../../src/core/runs/run-service-parts.ts'
import { createMemoryStore, type MemoryStore } from '../../src/core/store/memory-store.ts'
import { AppError, type ErrorCode } from '../../src/shared/errors.ts'
import type { Question } from '../../src/shared/question.ts'
import type { Run, TaskState } from '../../src/shared/run.ts'
import { spoolState, spoolsIn } from '../support/durable-runs.ts'
import { membersOf } from '../support/held-run.ts'
import { localHost } from '../support/local-host.ts'
import { type LocalHosts, localHosts } from '../support/local-hosts.ts'
import { command, linesOf, startRunService } from '../support/run-service.ts'
import { patienceMs, until } from '../support/until.ts'

/** Prints `count` numbered lines on both channels, slowly enough to be cut in between. */
const numbers = (count: number, more = '') =>
  `i=0; while [ $i -lt ${count} ]; do echo "line $i"; echo "err $i" >&2; i=$((i+1)); sleep 0.01; done; ${more}`

test('a run whose sessions are cut again and again gives every line once and in order', async () => {
  const { service, hosts } = place()
  const { id } = await service.start(durable(numbers(200, 'exit 3')))
  const done = follow(service, id)
  for (const line of [20, 60, 61, 120]) {
    await until(`line ${line}`, async () => (await service.get(id)).lines > 2 * line)
    cut(hosts)
  }
  const { run, lines, states } = await done
  expect(run.tasks[0]).toMatchObject({ state: 'ended', exitCode: 3, mode: 'durable' })
  expect(textOf(lines, 'out')).toEqual(Array.from({ length: 200 }, (_, i) => `line ${i}`))
  expect(textOf(lines, 'err')).toEqual(Array.from({ length: 200 }, (_, i) => `err ${i}`))
  expect(states).toContain('reconnecting')
  const notes = textOf(lines, 'note')
  // The command goes on, so nothing may say that its end is not known.
  expect(notes.join('\n')).not.toContain('exit code is not known')
  expect(notes.filter((note) => note.startsWith('disconnected: ')).length).toBeGreaterThan(1)
  expect(
    notes.filter((note) => /^reconnected after \d.* resumed at byte \d/.test(note)).length,
  ).toBe(notes.filter((note) => note.startsWith('disconnected: ')).length)
  await until('the host is clean', () => spoolsIn(hosts.stateHome).length === 0)
})

test('a command that is cut before its start was heard of runs once', async () => {
  let opened = 0
  const hosts = localHosts(async () => {
    opened += 1
    // The session is cut right after it was opened, before anything can have been heard of it.
    if (opened === 1) setImmediate(() => hosts.connected[0]?.sessions[0]?.cut())
  })
  const { service } = place(hosts)
  const marks = join(hosts.stateHome, 'marks')
  const { id } = await service.start(durable(`echo x >>${marks}; echo done`))
  const { run, lines } = await follow(service, id)
  expect(run.outcome).toBe('succeeded')
  expect(textOf(lines, 'out')).toEqual(['done'])
  expect(readFileSync(marks, 'utf8')).toBe('x\n')
})

test('a host that is away is tried again, and its command goes on meanwhile', async () => {
  const away = { code: null as ErrorCode | null }
  const { service, hosts } = place(localHosts(async () => failWith(away.code)))
  const { id } = await service.start(durable(numbers(100)))
  const done = follow(service, id)
  await until('it prints', async () => (await service.get(id)).lines > 10)
  away.code = 'connection-refused'
  cut(hosts)
  await until('it is noticed', async () => stateOf(service, id, 'reconnecting'))
  await until('the command ended', () => hasEnded(hosts))
  away.code = null
  const { run, lines } = await done
  expect(run.outcome).toBe('succeeded')
  expect(textOf(lines, 'out')).toHaveLength(100)
})

test('a host that lets nobody in any more needs a person, says why, and goes on when that is put right', async () => {
  const away = { code: null as ErrorCode | null }
  const { service, hosts } = place(localHosts(async () => failWith(away.code)))
  const { id } = await service.start(durable(numbers(60)))
  const done = follow(service, id)
  await until('it prints', async () => (await service.get(id)).lines > 10)
  away.code = 'key-refused'
  cut(hosts)
  await until('it is told', async () => stateOf(service, id, 'needs-input'))
  expect((await service.get(id)).tasks[0]).toMatchObject({ code: 'key-refused', question: null })
  away.code = null
  const { run } = await done
  expect(run.tasks[0]).toMatchObject({ state: 'ended', code: null, message: null })
})

test('a question that is cancelled while a host is reached again does not end its task: it is asked anew', async () => {
  let asked = 0
  const away = { asks: false }
  const { service, hosts } = place(
    localHosts(async ({ ask }, signal) => {
      if (!away.asks) return
      asked += 1
      if (asked > 1) away.asks = false
      await ask(
        { kind: 'secret', ask: 'password', prompt: 'Password:', echo: false, refused: 0 },
        signal,
      )
    }),
  )
  const { id } = await service.start(durable(numbers(60)))
  const done = follow(service, id, async (question) =>
    service.answer(
      id,
      0,
      asked === 1
        ? { kind: 'cancel', question: question.id }
        : { kind: 'secret', question: question.id, secret: 'right' },
    ),
  )
  await until('it prints', async () => (await service.get(id)).lines > 10)
  away.asks = true
  cut(hosts)
  const { run, lines } = await done
  expect(asked).toBe(2)
  expect(run.outcome).toBe('succeeded')
  expect(textOf(lines, 'out')).toHaveLength(60)
})

test('a host whose key has changed is never tried again: the task is lost with the reason', async () => {
  const away = { code: null as ErrorCode | null }
  const { service, hosts } = place(localHosts(async () => failWith(away.code)))
  const { id } = await service.start(durable(numbers(30, 'sleep 1010')))
  const done = follow(service, id)
  await until('it prints', async () => (await service.get(id)).lines > 10)
  away.code = 'host-key-changed'
  cut(hosts)
  expect((await done).run.tasks[0]).toMatchObject({ state: 'lost', code: 'host-key-changed' })
})

test('a stop that is asked while the host is away is kept and done when it is back', async () => {
  const away = { code: null as ErrorCode | null }
  const { service, hosts } = place(localHosts(async () => failWith(away.code)))
  const { id } = await service.start(durable('echo one; sleep 1011'))
  const done = follow(service, id)
  await until('it prints', async () => (await service.get(id)).lines > 0)
  away.code = 'connection-timeout'
  cut(hosts)
  await until('it is noticed', async () => stateOf(service, id, 'reconnecting'))
  expect((await service.stop(id)).state).toBe('stopping')
  await until('it is kept', async () => stateOf(service, id, 'stopping'))
  away.code = null
  const { run, lines } = await done
  expect(run).toMatchObject({ outcome: 'stopped' })
  expect(run.tasks[0]).toMatchObject({ state: 'ended', exitCode: 143, signal: 'TERM' })
  expect(textOf(lines, 'note').at(-2)).toMatch(/^stopped: 1 process gone/)
})

test('asked a second time to stop while the host is away, the task is given up and says so', async () => {
  const away = { code: null as ErrorCode | null }
  const { service, hosts } = place(localHosts(async () => failWith(away.code)))
  const { id } = await service.start(durable('echo one; sleep 1012'))
  const done = follow(service, id)
  await until('it prints', async () => (await service.get(id)).lines > 0)
  away.code = 'host-unreachable'
  cut(hosts)
  await until('it is noticed', async () => stateOf(service, id, 'reconnecting'))
  await service.stop(id)
  await service.stop(id)
  const { run } = await done
  expect(run.tasks[0]?.state).toBe('lost')
  expect(run.tasks[0]?.message).toMatch(/^It was given up while the host could not be reached/)
})

test('Farglass stops and starts anew: its commands go on, and are read on to their end', async () => {
  const first = place()
  const { id } = await first.service.start(durable(numbers(150, 'exit 4')))
  await until('it prints', async () => (await first.service.get(id)).lines > 50)
  await first.service.close()
  expect(await first.store.catalog.get(id)).toMatchObject({ state: 'running' })
  const second = place(first.hosts, first.store)
  await second.service.recover('all')
  const { run, lines } = await follow(second.service, id)
  expect(run).toMatchObject({ state: 'ended', outcome: 'failed', lines: 300 })
  expect(run.tasks[0]).toMatchObject({ exitCode: 4, state: 'ended' })
  expect(textOf(lines, 'out')).toEqual(Array.from({ length: 150 }, (_, i) => `line ${i}`))
  expect(textOf(lines, 'err')).toEqual(Array.from({ length: 150 }, (_, i) => `err ${i}`))
  expect(textOf(lines, 'note').join('\n')).toMatch(/reconnected by a new start of Farglass/)
})

test('a process that hangs and comes back while another carries its run on can write nothing more', async () => {
  const first = place()
  const { id } = await first.service.start(durable(numbers(150)))
  await until('it prints', async () => (await first.service.get(id)).lines > 20)
  const second = place(first.hosts, first.store)
  await second.service.recover('all')
  const { run, lines } = await follow(second.service, id)
  expect(run).toMatchObject({ outcome: 'succeeded', epoch: 2, lines: 300 })
  expect(textOf(lines, 'out')).toEqual(Array.from({ length: 150 }, (_, i) => `line ${i}`))
})

test('what was not started when Farglass died is not started by the next one', async () => {
  const never = localHosts(() => new Promise(() => {}))
  const first = place(never)
  const { id } = await first.service.start(durable('echo no'))
  const second = place(localHosts(), first.store)
  await second.service.recover('all')
  const { run, lines } = await follow(second.service, id)
  expect(run.tasks[0]).toMatchObject({ state: 'failed', code: 'server-stopped', startedAt: null })
  expect(textOf(lines, 'out')).toEqual([])
})

test('without a server a run is read on by whoever follows or stops it, and by nobody else', async () => {
  const first = place()
  const { id } = await first.service.start(durable('echo one; sleep 1013'))
  await until('it prints', async () => (await first.service.get(id)).lines > 0)
  await first.service.close()
  const second = place(first.hosts, first.store)
  await second.service.recover('none')
  expect(await second.service.get(id)).toMatchObject({ state: 'running' })
  expect(first.hosts.connected).toHaveLength(1)
  const done = follow(second.service, id)
  await until('it is carried', async () => stateOf(second.service, id, 'running'))
  await second.service.stop(id)
  expect((await done).run).toMatchObject({ outcome: 'stopped' })
})

test('who asks for a stop that was asked already, of a run that nobody carries, gets it and gives nothing up', async () => {
  const way = { open: Promise.resolve() }
  const first = place(localHosts(() => way.open))
  const { id } = await first.service.start(
    durable('trap "sleep 4; exit 9" TERM; echo one; while :; do sleep 0.1; done'),
  )
  await until('it prints', async () => (await first.service.get(id)).lines > 0)
  await first.service.stop(id)
  await until('that is stored', async () => isStopping(first.store, id))
  // It dies here: nobody carries the run any more, and the way to the host takes its time.
  let open = () => {}
  way.open = new Promise((resolve) => {
    open = resolve
  })
  const second = place(first.hosts, first.store)
  await second.service.recover('none')
  expect((await second.service.stop(id)).state).toBe('stopping')
  open()
  const { run } = await follow(second.service, id)
  expect(run).toMatchObject({ outcome: 'stopped' })
  expect(run.tasks[0]).toMatchObject({ state: 'ended', exitCode: 9 })
})

async function isStopping(store: MemoryStore, id: string): Promise<boolean> {
  return (await store.catalog.get(id))?.state === 'stopping'
}

test('a host that cannot hold a durable run runs it plain, and both task and log say so', async () => {
  const hosts = localHosts()
  const { service } = place({
    connect: async (request, signal) => {
      const host = await hosts.connect(request, signal)
      // A host without a home: there is no place for the output.
      const open: typeof host.open = ({ script, tty }) =>
        host.open({ script: `unset HOME XDG_STATE_HOME\n${script}`, tty })
      return { ...host, open }
    },
    [Symbol.asyncDispose]: () => hosts[Symbol.asyncDispose](),
  })
  const { id } = await service.start(durable('echo out; exit 6'))
  const { run, lines } = await follow(service, id)
  expect(run).toMatchObject({ mode: 'durable', outcome: 'failed' })
  expect(run.tasks[0]).toMatchObject({ mode: 'plain', exitCode: 6 })
  expect(lines[0]?.[1]).toMatch(/^plain: the host cannot hold a durable run, because /)
  expect(textOf(lines, 'out')).toEqual(['out'])
})

test('a plain command that a dead network has left on its host is ended once the host is reached again', async () => {
  const away = { code: null as ErrorCode | null }
  const local = localHosts(async () => failWith(away.code))
  const dead = new AbortController()
  const { service } = place({
    connect: async (request, signal) => {
      const host = await local.connect(request, signal)
      // The network is gone: nothing comes any more, and the host hears of no end.
      const open: typeof host.open = async (session) => {
        const channel = await host.open(session)
        return {
          ...channel,
          end: () => {},
          output: untilDead(channel.output, dead.signal),
          [Symbol.asyncDispose]: async () => {},
        }
      }
      const isFirst = local.connected.length === 1
      return { ...host, open: isFirst ? open : host.open, [Symbol.asyncDispose]: async () => {} }
    },
    [Symbol.asyncDispose]: () => local[Symbol.asyncDispose](),
  })
  const { id } = await service.start(command('echo $$; sleep 1014'))
  const done = follow(service, id)
  await until('it prints', async () => (await service.get(id)).lines > 0)
  away.code = 'host-unreachable'
  dead.abort()
  const { run, lines } = await done
  expect(run.tasks[0]).toMatchObject({ state: 'lost', code: 'connection-lost', mode: 'plain' })
  const group = Number(textOf(lines, 'out')[0])
  expect(membersOf(group).length).toBeGreaterThan(0)
  away.code = null
  await until('nothing is left', () => membersOf(group).length === 0)
})

test('a plain command that lives on after a crash of Farglass and of the network together is ended by the next start', async () => {
  const local = localHosts()
  const never = new AbortController()
  const first = place({
    connect: async (request, signal) => {
      const host = await local.connect(request, signal)
      const open: typeof host.open = async (session) => {
        if (local.connected.length > 1) throw new Error('The network is gone.')
        const channel = await host.open(session)
        // The first Farglass is as good as killed: it ends nothing, and nothing of it is heard of.
        const output = untilDead(channel.output, never.signal)
        return { ...channel, end: () => {}, output, [Symbol.asyncDispose]: async () => {} }
      }
      return { ...host, open, [Symbol.asyncDispose]: async () => {} }
    },
    [Symbol.asyncDispose]: () => local[Symbol.asyncDispose](),
  })
  const { id } = await first.service.start(command('echo $$; sleep 1015'))
  await until('it prints', async () => (await first.service.get(id)).lines > 0)
  const [line] = await first.store.log.read(id, 1, 100)
  const group = Number(new TextDecoder().decode(line?.bytes))
  expect(membersOf(group).length).toBeGreaterThan(0)
  const away = { code: 'host-unreachable' as ErrorCode | null, tries: 0 }
  const hosts = localHosts(async () => {
    away.tries += 1
    failWith(away.code)
  })
  const second = place(hosts, first.store)
  await second.service.recover('all')
  expect((await second.service.get(id)).tasks[0]).toMatchObject({ state: 'lost' })
  await until('the host was tried', () => away.tries > 0)
  away.code = null
  await until('nothing is left', () => membersOf(group).length === 0)
})

test('a group of another boot of the host is sent no signal, whatever has its number now', async () => {
  const child = spawn('sleep', ['1016'], { detached: true, stdio: 'ignore' })
  const pid = child.pid ?? 0
  await using host = localHost(['dash'])
  const how = { nonce: randomName(16), clock: systemClock }
  const group = { pid, watchdog: 0, since: 0 }
  expect(await endGroup({ ...group, boot: 1 }, how)(host)).toMatchObject({ kind: 'empty', gone: 0 })
  expect(membersOf(pid)).toHaveLength(1)
  expect(await endGroup({ ...group, boot: 0 }, how)(host)).toMatchObject({ kind: 'empty' })
  await until('it is gone', () => membersOf(pid).length === 0)
})

test('what a host keeps of a run whose connection breaks before it can be removed is removed later', async () => {
  const local = localHosts()
  let isCut = false
  const { service } = place({
    connect: async (request, signal) => {
      const host = await local.connect(request, signal)
      const open: typeof host.open = async (session) => {
        const channel = await host.open(session)
        const send = (text: string) => {
          if (isCut || text !== 'done\n') return channel.send(text)
          isCut = true
          cut(local)
        }
        return { ...channel, send }
      }
      return { ...host, open }
    },
    [Symbol.asyncDispose]: () => local[Symbol.asyncDispose](),
  })
  const { id } = await service.start(durable('echo over'))
  expect((await follow(service, id)).run.outcome).toBe('succeeded')
  await until('it is removed', () => spoolsIn(local.stateHome).length === 0)
  expect(isCut).toBe(true)
})

function durable(text: string) {
  return command(text, { mode: 'durable' })
}

interface Place<Hosts extends RemoteHosts> {
  readonly service: LocalRunService
  readonly hosts: Hosts
  readonly store: MemoryStore
}

function place(): Place<LocalHosts>
function place<Hosts extends RemoteHosts>(hosts: Hosts, store?: MemoryStore): Place<Hosts>
function place(hosts: RemoteHosts = localHosts(), store = createMemoryStore()): Place<RemoteHosts> {
  const service = startRunService(hosts, store)
  onTestFinished(async () => {
    await service.close()
    await hosts[Symbol.asyncDispose]()
  })
  return { service, hosts, store }
}

/** All sessions of all connections break, as when the network goes. */
function cut(hosts: LocalHosts): void {
  for (const host of hosts.connected) for (const session of host.sessions) session.cut()
}

function failWith(code: ErrorCode | null): void {
  if (code !== null) throw new AppError(code, 'The host is away.')
}

async function stateOf(service: LocalRunService, id: string, state: TaskState): Promise<boolean> {
  return (await service.get(id)).tasks[0]?.state === state
}

/** Whether every command on the host has left its exit code. */
function hasEnded(hosts: LocalHosts): boolean {
  return spoolsIn(hosts.stateHome).every((spool) => spoolState(spool).code !== null)
}

interface Followed {
  readonly run: Run
  readonly lines: readonly [channel: string, text: string][]
  readonly states: readonly TaskState[]
}

async function follow(
  service: LocalRunService,
  id: string,
  answer?: (question: Question) => Promise<void>,
): Promise<Followed> {
  const items: FeedItem[] = []
  for await (const item of service.follow(id, 0, AbortSignal.timeout(patienceMs))) {
    items.push(item)
    if (item.kind === 'task' && item.task.question !== null) await answer?.(item.task.question)
  }
  const last = items.at(-1)
  if (last?.kind !== 'end') throw new Error(`It did not end: ${JSON.stringify(last)}`)
  let pos = 0
  for (const item of items) {
    if (item.kind !== 'frame') continue
    expect(item.pos).toBe(pos)
    pos = item.next
  }
  return {
    run: last.run,
    lines: items.flatMap(linesOf),
    states: items.flatMap((item) => (item.kind === 'task' ? [item.task.state] : [])),
  }
}

function textOf(lines: Followed['lines'], channel: string): string[] {
  return lines.filter(([from]) => from === channel).map(([, text]) => text)
}

/** What comes until the network is dead; then the connection is lost for whoever reads. */
async function* untilDead<T>(output: AsyncIterable<T>, dead: AbortSignal): AsyncGenerator<T> {
  const lost = new Promise<never>((_, reject) => {
    const error = new AppError('connection-lost', 'The network is dead.')
    dead.addEventListener('abort', () => reject(error))
  })
  lost.catch(() => {})
  const pieces = output[Symbol.asyncIterator]()
  for (;;) {
    const next = await Promise.race([pieces.next(), lost])
    if (next.done === true) return
    yield next.value
  }
}
