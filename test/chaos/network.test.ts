/** Networks between server and host that are slow, lossy or late (F11, F15, F16). */
import { expect, test } from 'vitest'
import { expectExact } from '../support/exact.ts'
import { type Farglass, startFarglass } from '../support/farglass.ts'
import { canMakeNetworks, makeNetworkNamespace } from '../support/network-namespace.ts'
import { memoryOf } from '../support/proc.ts'
import { startProxiedSshd } from '../support/proxied-sshd.ts'
import { recordByClient } from '../support/recording-viewer.ts'
import { seedOfProcess } from '../support/seeded-random.ts'
import { startSshd } from '../support/sshd.ts'
import { makeTruth, type Truth, type TruthOptions } from '../support/truth.ts'
import { until } from '../support/until.ts'

const seed = seedOfProcess()

interface Watched {
  readonly server: Farglass
  readonly target: string
  readonly truth: TruthOptions
  /** Called once the command has written its first lines. */
  readonly meanwhile: (truth: Truth) => Promise<unknown>
}

/** A run that is watched while something happens, and is exact in the end. */
async function runExactly({ server, target, truth: options, meanwhile }: Watched): Promise<void> {
  await using truth = await makeTruth(options)
  const source = { kind: 'command', command: truth.command } as const
  const { id } = await server.api.start({ target, source })
  const viewer = recordByClient({ who: 'a viewer', baseUrl: server.url, run: id })
  await until('it is under way', () => truth.written().out.length > 1_000, 30_000)
  await meanwhile(truth)
  await viewer.done
  expect(await server.api.get(id)).toMatchObject({ outcome: 'succeeded' })
  await expectExact({ api: server.api, run: id, truth, viewers: [viewer], seed })
}

test('F11: an sshd that no longer listens keeps what is open, and takes new ones once it listens again', async () => {
  await using sshd = await startSshd()
  await using server = await startFarglass({ sshConfigFile: sshd.sshConfigFile, auth: 'none' })
  const target = sshd.alias
  await runExactly({
    server,
    target,
    truth: { seed, lines: 5_000, linesPerSecond: 1_000 },
    async meanwhile(truth) {
      const before = truth.written().out.length
      await sshd.stopListener()
      await until('it goes on', () => truth.written().out.length > before + 10_000)
      await sshd.startListener()
    },
  })
  const truth = { seed: seed + 1, lines: 100, linesPerSecond: 0 }
  await runExactly({ server, target, truth, meanwhile: () => Promise.resolve() })
})

test.runIf(canMakeNetworks)(
  'F15: over a link of 1 Mbit/s a run takes longer, is exact, and costs the server no memory',
  async () => {
    await using network = await makeNetworkNamespace()
    await using sshd = await startSshd({ listen: network.address, namespace: network.name })
    await using server = await startFarglass({ sshConfigFile: sshd.sshConfigFile, auth: 'none' })
    await network.limitRate(1_000)
    const before = memoryOf(server.pid).now
    await runExactly({
      server,
      target: sshd.alias,
      // Some 2.2 MB: 18 s of this link.
      truth: { seed, lines: 20_000, linesPerSecond: 0 },
      meanwhile: () => Promise.resolve(),
    })
    expect(memoryOf(server.pid).now - before).toBeLessThan(48 * 1024 * 1024)
  },
  120_000,
)

test.each([
  ['300 ms of delay with jitter', { delayMs: 300, jitterMs: 200 }, 5_000],
  ['pieces of a single byte', { pieceBytesMax: 1 }, 2_000],
])('F16: %s changes nothing but the time', async (...row) => {
  const [, rules, lines] = row
  await using host = await startProxiedSshd()
  await using server = await startFarglass({ sshConfigFile: host.sshConfigFile, auth: 'none' })
  host.proxy.setRules(rules)
  await runExactly({
    server,
    target: host.alias,
    truth: { seed, lines, linesPerSecond: 2_000 },
    meanwhile: () => Promise.resolve(),
  })
  expect(host.proxy.accepted).toBe(1)
})
