/** How runs go over many hosts: batches, the bound of failures, times, and processes that come and go. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { RemoteHosts } from '../../src/core/remote/remote-host.ts'
import type { LocalRunService } from '../../src/core/runs/run-service-parts.ts'
import { createMemoryStore } from '../../src/core/store/memory-store.ts'
import type { RunRequest } from '../../src/shared/protocol/requests.ts'
import type { Run } from '../../src/shared/run.ts'
import { endDurableRuns } from '../support/durable-runs.ts'
import { type LocalHost, localHost } from '../support/local-host.ts'
import { linesOf, startRunService } from '../support/run-service.ts'
import { until } from '../support/until.ts'

test('goes over its hosts in batches: the next one begins when every task of the one before has ended', async () => {
  const place = newPlace()
  const command = `${place.mark('start')}; sleep 0.05; ${place.mark('end')}; [ $HOST != h2 ]`
  const { run } = await place.run(command, { hosts: 6, batch: '34%' })
  expect(run.plan.batch).toBe(2)
  const marks = place.marks()
  expect(marks).toHaveLength(12)
  for (const batch of [0, 1, 2]) {
    const own = marks.slice(4 * batch, 4 * batch + 4)
    const hosts = own.map((mark) => mark.split(' ')[1])
    expect(new Set(hosts)).toEqual(new Set([`h${2 * batch}`, `h${2 * batch + 1}`]))
  }
  // One host that fails hides none that has not.
  expect(run).toMatchObject({ outcome: 'failed' })
  expect(run.tasks.map(({ exitCode }) => exitCode)).toEqual([0, 0, 1, 0, 0, 0])
})

test('starts no further host once too many have failed, says so, and keeps what has succeeded', async () => {
  const place = newPlace()
  const command = `${place.mark('ran')}; [ $HOST != h1 ]`
  const { run, notes } = await place.run(command, { hosts: 4, fanout: 1, maxFailures: 0 })
  expect(place.marks()).toEqual(['ran h0', 'ran h1'])
  expect(run.outcome).toBe('failed')
  expect(run.tasks.map(({ state, exitCode, code }) => [state, exitCode, code])).toEqual([
    ['ended', 0, null],
    ['ended', 1, null],
    ['failed', null, 'too-many-failures'],
    ['failed', null, 'too-many-failures'],
  ])
  expect(notes).toContainEqual(
    expect.stringMatching(/^failed: It was not started, because more than 0 tasks of this run/),
  )
})

test('stops a task whose time is over, proves it, and says why; the others are not disturbed', async () => {
  const place = newPlace()
  const command = '[ $HOST != h1 ] || sleep 1017'
  // Enough for the others, also where a shell takes long to start.
  const { run, notes } = await place.run(command, { hosts: 3, taskTimeoutMs: 5_000 })
  expect(run.outcome).toBe('failed')
  expect(run.tasks.map(({ exitCode, code }) => [exitCode, code])).toEqual([
    [0, null],
    [143, 'timed-out'],
    [0, null],
  ])
  expect(run.tasks[1]?.message).toMatch(
    /^The time of each host, 5\.0 s, was over\. Give it more time/,
  )
  const own = notes.filter((note) => /^(timed-out|stopped)/.test(note))
  expect(own).toEqual([
    'timed-out: The time of each host, 5.0 s, was over.',
    expect.stringMatching(/^stopped: \d process(es)? gone$/),
  ])
})

test('the time of the whole run stops what runs and keeps the rest from being started', async () => {
  const place = newPlace()
  const command = `${place.mark('ran')}; sleep 1018`
  const { run } = await place.run(command, { hosts: 3, fanout: 1, timeoutMs: 4_000, mode: 'plain' })
  expect(place.marks()).toEqual(['ran h0'])
  expect(run.outcome).toBe('failed')
  expect(run.tasks.map(({ state, code }) => [state, code])).toEqual([
    ['ended', 'timed-out'],
    ['failed', 'timed-out'],
    ['failed', 'timed-out'],
  ])
})

test.each(['durable', 'plain'] as const)(
  'who takes a %s run over goes on by its plan, and starts nothing a second time',
  async (mode) => {
    const place = newPlace()
    const command = `${place.mark('ran')}; until [ -e ${place.file('go')} ]; do sleep 0.02; done`
    const first = place.service
    const { id } = await first.start(place.request(command, { hosts: 4, fanout: 2, mode }))
    await until('two run', () => place.marks().length === 2)
    // The first process does not know that it has lost the run, and still lives.
    const second = place.another()
    await second.recover('all')
    writeFileSync(place.file('go'), '')
    const { run } = await follow(second, id)
    expect(place.marks().toSorted()).toEqual(['ran h0', 'ran h1', 'ran h2', 'ran h3'])
    const states = run.tasks.map(({ state }) => state)
    const begun = mode === 'durable' ? 'ended' : 'lost'
    expect(states).toEqual([begun, begun, 'ended', 'ended'])
  },
)

test('a task keeps its time when another process takes it over', async () => {
  const place = newPlace()
  const command = `${place.mark('ran')}; sleep 1022`
  const request = place.request(command, { hosts: 1, taskTimeoutMs: 2_000 })
  const { id } = await place.service.start(request)
  await until('it runs', () => place.marks().length === 1)
  await place.service.close()
  const second = place.another()
  await second.recover('all')
  const { run, notes } = await follow(second, id)
  expect(run.tasks[0]).toMatchObject({ state: 'ended', code: 'timed-out' })
  expect(notes).toContainEqual(expect.stringMatching(/^stopped: \d/))
})

test('a process that stops in order leaves what has not begun to the next one', async () => {
  const place = newPlace()
  const command = `${place.mark('ran')}; until [ -e ${place.file('go')} ]; do sleep 0.02; done`
  const request = place.request(command, { hosts: 3, batch: '1' })
  const { id } = await place.service.start(request)
  await until('one runs', () => place.marks().length === 1)
  await place.service.close()
  const second = place.another()
  writeFileSync(place.file('go'), '')
  await second.recover('all')
  const { run } = await follow(second, id)
  expect(run).toMatchObject({ outcome: 'succeeded', plan: { batch: 1 } })
  expect(place.marks()).toEqual(['ran h0', 'ran h1', 'ran h2'])
})

test('a stop ends what runs, and what waits is never started', async () => {
  const place = newPlace()
  const command = `${place.mark('ran')}; sleep 1019`
  const { id } = await place.service.start(place.request(command, { hosts: 3, fanout: 1 }))
  await until('one runs', () => place.marks().length === 1)
  await place.service.stop(id)
  const { run } = await follow(place.service, id)
  expect(run.outcome).toBe('stopped')
  expect(run.tasks.map(({ code }) => code)).toEqual([
    null,
    'stopped-before-start',
    'stopped-before-start',
  ])
  expect(place.marks()).toEqual(['ran h0'])
})

interface Wanted extends Omit<Partial<RunRequest>, 'target' | 'source'> {
  /** So many: h0, h1, … */
  readonly hosts: number
}

/** Hosts that are shells of this machine, which know their names, and a service that runs on them. */
function newPlace() {
  const directory = mkdtempSync(join(tmpdir(), 'fg-fan-'))
  const store = createMemoryStore()
  const services: LocalRunService[] = []
  const hosts = namedHosts(directory)
  const another = () => {
    const service = startRunService(hosts, store)
    services.push(service)
    return service
  }
  onTestFinished(async () => {
    await Promise.all(services.map((service) => service.close()))
    await hosts[Symbol.asyncDispose]()
    endDurableRuns(directory)
  })
  const file = (name: string) => join(directory, name)
  writeFileSync(file('marks'), '')
  const request = (text: string, { hosts: count, ...more }: Wanted): { request: RunRequest } => {
    const target = Array.from({ length: count }, (_, at) => `h${at}`).join(',')
    return { request: { target, source: { kind: 'command', command: text }, ...more } }
  }
  const service = another()
  return {
    service,
    another,
    file,
    request,
    /** A command that leaves a mark with the name of its host. */
    mark: (word: string) => `echo "${word} $HOST" >>${file('marks')}`,
    marks: () =>
      readFileSync(file('marks'), 'utf8')
        .split('\n')
        .filter((line) => line !== ''),
    run: async (text: string, wanted: Wanted) => {
      const { id } = await service.start(request(text, wanted))
      return follow(service, id)
    },
  }
}

function namedHosts(stateHome: string): RemoteHosts {
  const connected: LocalHost[] = []
  return {
    async connect({ destination }) {
      const host = localHost(['dash'], { XDG_STATE_HOME: stateHome, HOST: destination.name })
      connected.push(host)
      return host
    },
    async [Symbol.asyncDispose]() {
      for (const host of connected) await host[Symbol.asyncDispose]()
    },
  }
}

async function follow(
  service: LocalRunService,
  id: string,
): Promise<{ run: Run; notes: string[] }> {
  const notes: string[] = []
  for await (const item of service.follow(id, 0, new AbortController().signal)) {
    for (const [channel, text] of linesOf(item)) if (channel === 'note') notes.push(text)
  }
  return { run: await service.get(id), notes }
}
