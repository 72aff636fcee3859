/** The short, seeded selection of the chaos suite that every test run makes. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunRequest } from '../../src/shared/protocol/requests.ts'
import { runDurableTrial } from '../support/durable-trial.ts'
import { type Farglass, startFarglass } from '../support/farglass.ts'
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts'
import { differencesOf, faultsOf } from '../support/history-checker.ts'
import { recordByClient, recordByLastEventId } from '../support/recording-viewer.ts'
import { seedOfProcess } from '../support/seeded-random.ts'
import { type Sshd, startSshd } from '../support/sshd.ts'
import { storedHistory, storeFaults } from '../support/stored-history.ts'
import { makeTruth } from '../support/truth.ts'
import { until } from '../support/until.ts'

const seed = seedOfProcess()
let sshd: Sshd
let server: Farglass
let web: FaultProxy

beforeAll(async () => {
  sshd = await startSshd()
  server = await startFarglass({ sshConfigFile: sshd.sshConfigFile, auth: 'none' })
  web = await startFaultProxy({ targetPort: server.port })
})

afterAll(async () => {
  await web[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
  await sshd[Symbol.asyncDispose]()
})

test(`viewers that are cut at random see every line once, as the host wrote it (seed ${seed})`, async () => {
  await using truth = await makeTruth({ seed, lines: 5_000, linesPerSecond: 2_000 })
  const request: RunRequest = {
    target: sshd.alias,
    source: { kind: 'command', command: truth.command },
  }
  const { id } = await server.api.start(request)
  const viewer = { run: id, baseUrl: `http://127.0.0.1:${web.port}` }
  await using byClient = recordByClient({ ...viewer, who: 'our client' })
  await using byId = recordByLastEventId({ ...viewer, who: 'a reader by Last-Event-ID' })
  for (const cutAfterBytes of [3_000, 20_000, 60_000]) {
    const before = byClient.connections + byId.connections
    web.setRules({ cutAfterBytes })
    web.reset()
    await until('both have come again', () => byClient.connections + byId.connections > before + 2)
  }
  web.setRules({})
  await Promise.all([byClient.done, byId.done])
  const run = await server.api.get(id)
  expect(run).toMatchObject({ state: 'ended', outcome: 'succeeded' })
  expect(truth.starts()).toBe(1)
  const written = truth.written()
  const store = await storedHistory(server.api, id)
  const faults = [
    ...(await storeFaults(server.api, id, written)),
    ...[byClient, byId].flatMap(({ history }) => faultsOf(history, written)),
    ...[byClient, byId].flatMap(({ history }) => differencesOf(store, history)),
  ]
  expect(faults).toEqual([])
  expect([byClient.resets, byId.resets]).toEqual([0, 0])
})

test(`a durable run under random faults is exact for store and viewers (seed ${seed})`, async () => {
  const { faults } = await runDurableTrial({
    seed,
    lines: 5_000,
    linesPerSecond: 2_000,
    faults: [2, 3],
    timeoutMs: 60_000,
  })
  expect(faults).toEqual([])
})
