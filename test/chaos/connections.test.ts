/** What happens to the connection between server and host, and never to the output (F10, F12 to F14, F16, F24, F52). */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startFarglass } from '../support/farglass.ts'
import {
  canMakeNetworks,
  makeNetworkNamespace,
  type NetworkNamespace,
} from '../support/network-namespace.ts'
import { processTree } from '../support/proc.ts'
import { startProxiedSshd } from '../support/proxied-sshd.ts'
import { seededRandom, seedOfProcess } from '../support/seeded-random.ts'
import { startSshd } from '../support/sshd.ts'
import { tellFigure } from '../support/tell-figure.ts'
import { makeTruth } from '../support/truth.ts'
import { until } from '../support/until.ts'
import { startWatchedRun, type WatchedRun } from '../support/watched-run.ts'

const seed = seedOfProcess()

test('F10: four runs whose SSH sessions are killed again and again are exact', async () => {
  const random = seededRandom(seed)
  await using sshd = await startSshd()
  await using server = await startFarglass({ sshConfigFile: sshd.sshConfigFile, auth: 'none' })
  const runs = await Promise.all(
    [1, 2, 3, 4].map((number) => {
      const truth = { seed: seed + number, lines: 12_000, linesPerSecond: 600 }
      return startWatchedRun({ server, target: sshd.alias, ...truth })
    }),
  )
  let killed = 0
  for (let turn = 0; turn < 6; turn++) {
    // Some live for so short a time that the next try comes later, some long enough to begin anew.
    await sleep(random.between(200, 5_500))
    const kill = async () => {
      const sessions = await sshd.killSessions()
      killed += sessions
      return sessions > 0
    }
    await until('there are sessions to kill', kill, 60_000)
  }
  for (const run of runs) {
    await run.endsExact()
    expect(run.notes().some((note) => note.startsWith('reconnected'))).toBe(true)
    await run[Symbol.asyncDispose]()
  }
  tellFigure(`F10: ${killed} connections killed, each with the sessions of four runs`)
}, 300_000)

/** A host behind a firewall of its own. */
async function inNetwork(act: (run: WatchedRun, network: NetworkNamespace) => Promise<void>) {
  await using network = await makeNetworkNamespace()
  await using sshd = await startSshd({ listen: network.address, namespace: network.name })
  await using server = await startFarglass({ sshConfigFile: sshd.sshConfigFile, auth: 'none' })
  const truth = { seed, lines: 20_000, linesPerSecond: 1_000 }
  await using run = await startWatchedRun({ server, target: sshd.alias, ...truth })
  await act(run, network)
}

test.runIf(canMakeNetworks)(
  'F12: a run whose packets are answered with a reset is exact',
  () =>
    inNetwork(async (run, network) => {
      for (const forMs of [50, 500, 1_500]) {
        await network.resetAll()
        await sleep(forMs)
        await network.heal()
        await run.goesOn(60_000)
      }
      await run.endsExact()
    }),
  180_000,
)

test.runIf(canMakeNetworks).each([4, 60])(
  'F13: a run whose packets vanish for %i s is exact; a dead peer is noticed within 20 s',
  (seconds) =>
    inNetwork(async (run, network) => {
      await network.dropAll()
      const begin = performance.now()
      const away = run.reaches('reconnecting', 30_000).then(
        () => (performance.now() - begin) / 1_000,
        () => null,
      )
      await sleep(seconds * 1_000)
      await network.heal()
      await run.endsExact()
      const noticed = await away
      tellFigure(`F13: ${seconds} s: noticed after ${noticed?.toFixed(1) ?? 'no'} s`)
      if (seconds > 20) expect(noticed).toBeLessThan(22)
    }),
  240_000,
)

test.runIf(canMakeNetworks)(
  'F14: a run over a link that loses every fifth packet is slower, and exact',
  async () => {
    await using network = await makeNetworkNamespace()
    await using sshd = await startSshd({ listen: network.address, namespace: network.name })
    await using server = await startFarglass({ sshConfigFile: sshd.sshConfigFile, auth: 'none' })
    const truth = { seed, lines: 800, linesPerSecond: 100 }
    await using run = await startWatchedRun({ server, target: sshd.alias, ...truth })
    await network.losePercent(20)
    await run.endsExact(240_000)
  },
  300_000,
)

test('F16: a connection that is cut after N bytes, for 24 N from 1 to 40,000, changes nothing', async () => {
  const random = seededRandom(seed)
  const small = Array.from({ length: 16 }, () => random.between(1, 2_000))
  const large = Array.from({ length: 8 }, () => random.between(2_001, 40_000))
  const left = [...small, ...large]
  const cutOn = async () => {
    for (let cut = left.pop(); cut !== undefined; cut = left.pop()) await runWithCut(cut)
  }
  await Promise.all([cutOn(), cutOn(), cutOn()])
}, 300_000)

/** Every connection breaks after so many bytes of the host, until three have; then the way is free. */
async function runWithCut(cutAfterBytes: number): Promise<void> {
  await using host = await startProxiedSshd()
  const { sshConfigFile } = host
  await using server = await startFarglass({ sshConfigFile, auth: 'none' })
  const truth = { seed: seed + cutAfterBytes, lines: 4_000, linesPerSecond: 1_000 }
  await using run = await startWatchedRun({ server, target: host.alias, ...truth })
  const before = host.proxy.accepted
  host.proxy.setRules({ cutAfterBytes })
  host.proxy.reset()
  await until('it was cut again', () => host.proxy.accepted >= before + 2, 60_000)
  host.proxy.setRules({})
  await run.endsExact()
}

test('F24: a connection that drops between the start of a command and its first answer starts it once', async () => {
  const random = seededRandom(seed)
  for (let turn = 0; turn < 3; turn++) {
    await using host = await startProxiedSshd()
    await using server = await startFarglass({ sshConfigFile: host.sshConfigFile, auth: 'none' })
    await using truth = await makeTruth({ seed: seed + turn, lines: 2_000, linesPerSecond: 1_000 })
    // Whatever the host says takes 0.7 s: the command runs before anybody knows.
    host.proxy.setRules({ delayMs: 700 })
    const source = { kind: 'command', command: truth.command } as const
    const { id } = await server.api.start({ target: host.alias, source })
    await until('the command has started', () => truth.starts() > 0, 60_000)
    await sleep(random.between(0, 300))
    expect((await server.api.get(id)).tasks[0]?.startedAt).toBe(null)
    host.proxy.reset()
    host.proxy.setRules({})
    const isEnded = async () => (await server.api.get(id)).state === 'ended'
    await until('the run ends', isEnded, 60_000)
    expect(await server.api.get(id)).toMatchObject({ outcome: 'succeeded' })
    expect(truth.starts()).toBe(1)
  }
}, 240_000)

test('F52: a run whose SSH master here is killed goes on over another one, and is exact', async () => {
  await using sshd = await startSshd()
  await using server = await startFarglass({ sshConfigFile: sshd.sshConfigFile, auth: 'none' })
  const truth = { seed, lines: 20_000, linesPerSecond: 1_000 }
  await using run = await startWatchedRun({ server, target: sshd.alias, ...truth })
  const killed: number[] = []
  const another = () =>
    processTree([server.pid]).find(
      ({ command, pid }) => / -M -N /.test(command) && !killed.includes(pid),
    )
  while (killed.length < 3) {
    const { pid } = await until('there is a master', another, 60_000)
    await run.goesOn(60_000)
    process.kill(pid, 'SIGKILL')
    killed.push(pid)
  }
  await run.endsExact()
  // One login for each master: a session never logs in by itself.
  const logins = (await sshd.log()).match(/Accepted publickey/g)?.length ?? 0
  expect(logins).toBe(4)
}, 120_000)
