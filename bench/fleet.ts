/** Claim: one command on 200 hosts is as fast as the tools that are made for it, and 50 hosts at once lose nothing. */
import { mkdtemp, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createHttpApi } from '../src/client/http-api.ts'
import { type Sshd, startSshd } from '../test/support/sshd.ts'
import { ensurePackages } from '../test/support/system-packages.ts'
import { type BenchContext, type Claim, type Figure, repeat, rowsOf } from './support/claim.ts'
import { cpuMsOf } from './support/cost.ts'
import { measureManyLines } from './support/many-hosts.ts'
import { startServer } from './support/server.ts'
import { type CommandCost, CommandMeter } from './support/timed-command.ts'

export const fleet: Claim = { name: 'fleet', measure }

const main = join(dirname(dirname(fileURLToPath(import.meta.url))), 'dist/app/main.js')
const peerPackages = [
  { name: 'clustershell', needs: ['clush'] },
  { name: 'ansible-core', needs: ['ansible'] },
] as const

/** One way to run a command on all hosts, as often as wanted. */
interface Way extends AsyncDisposable {
  readonly name: string
  run(): Promise<CommandCost>
  /** How many hosts have not answered in this run, which was the last one. */
  failed(cost: CommandCost): Promise<number>
}

async function measure(context: BenchContext): Promise<readonly Figure[]> {
  ensurePackages(peerPackages)
  const figures: Figure[] = []
  figures.push(...(await measureCommand(context)))
  figures.push(...(await measureManyLines(context)))
  return figures
}

async function measureCommand(context: BenchContext): Promise<readonly Figure[]> {
  const aliases = Array.from({ length: context.quick ? 20 : 200 }, (_, at) => `h${at + 1}`)
  // As Debian has it: of more than ten that log in at once, some are refused.
  await using sshd = await startSshd({ aliases, sshdConfig: ['MaxStartups 10:30:100'] })
  const folder = await mkdtemp(join(context.folder, 'fleet-'))
  const setting = { sshd, aliases, folder, context }
  const claim = rowsOf(`uptime on ${aliases.length} hosts, sshd as Debian sets it`)
  const figures: Figure[] = []
  const warmWalls = new Map<string, Figure>()
  const farglass = (['plain', 'durable'] as const).map((mode) => openFarglass(mode))
  for (const open of [openClush, openAnsible, ...farglass]) {
    await using way = await open(setting)
    context.say(way.name)
    const cold = await way.run()
    const refused = await way.failed(cold)
    // Until every host has a connection that is kept.
    let left = refused
    for (let tries = 0; left > 0 && tries < triesMax; tries += 1)
      left = await way.failed(await way.run())
    if (left > 0) throw new Error(`${way.name}: ${left} hosts did not answer.`)
    // A server works for days: what its engine compiles in its first runs is no cost of one.
    for (let at = 0; at < firstRuns; at += 1) await way.run()
    const warm = await repeat(context.repeats, async () => {
      const beforeMs = hostsCpuMs(sshd)
      const cost = await way.run()
      return { ...cost, hostsCpuMs: hostsCpuMs(sshd) - beforeMs }
    })
    const row = (what: string, unit: string, samples: readonly number[]) =>
      claim.row(`${way.name}, ${what}`, unit, samples)
    const wall = row(
      'warm connections',
      'ms',
      warm.map(({ wallMs }) => wallMs),
    )
    warmWalls.set(way.name, wall)
    figures.push(
      row('first time', 'ms', [cold.wallMs]),
      row('hosts that did not answer the first time', 'hosts', [refused]),
      wall,
      row(
        'warm, CPU of all that works for it',
        'ms',
        warm.map(({ cpuMs }) => cpuMs),
      ),
      // All hosts are this machine, so this is in the wall time here, and nowhere else.
      row(
        'warm, CPU of the hosts',
        'ms',
        warm.map((cost) => cost.hostsCpuMs),
      ),
      row(
        'warm, memory of the same (PSS)',
        'MB',
        warm.map(({ peakMb }) => peakMb),
      ),
    )
  }
  const clush = warmWalls.get(names.clush)
  if (clush === undefined) throw new Error('clush was not measured.')
  const ours = new Set([warmWalls.get(names.plain), warmWalls.get(names.durable)])
  return figures.map((figure) =>
    ours.has(figure) ? { ...claim.against(figure, clush), target: '<= 1.2 × clush' } : figure,
  )
}

/** Of the connections that are kept, and of all that has ended in them. */
function hostsCpuMs(sshd: Sshd): number {
  return sshd.sessions().reduce((sum, { pid }) => sum + cpuMsOf(pid), 0)
}

interface Setting {
  readonly sshd: Sshd
  readonly aliases: readonly string[]
  readonly folder: string
  readonly context: BenchContext
}

const names = {
  clush: 'clush -b, 64 at once',
  ansible: 'ansible -m raw -f 50',
  plain: 'farglass run --group --mode plain',
  durable: 'farglass run --group',
} as const

/** With connections that are kept, as people who use it often set it. */
async function openClush({ sshd, aliases, folder }: Setting): Promise<Way> {
  const meter = new CommandMeter(join(folder, 'c-'))
  const kept = `-o ControlMaster=auto -o ControlPath=${folder}/c-%%n -o ControlPersist=300`
  const options = `-F ${sshd.sshConfigFile} ${kept}`
  const words = ['clush', '-w', aliases.join(','), '-b', '-o', options, 'uptime']
  return {
    name: names.clush,
    run: () => meter.run({ words }),
    // The hosts of a header, by their number; one alone has none.
    failed: async ({ stdout }) =>
      aliases.length - sum(stdout.matchAll(/^-{15}\n\S+(?: \((\d+)\))?\n-{15}$/gm)),
    [Symbol.asyncDispose]: async () => meter[Symbol.dispose](),
  }
}

async function openAnsible({ sshd, aliases, folder }: Setting): Promise<Way> {
  const meter = new CommandMeter(join(folder, 'a'))
  const inventory = join(folder, 'inventory')
  await writeFile(inventory, aliases.map((alias) => `${alias}\n`).join(''))
  const env = {
    ANSIBLE_SSH_COMMON_ARGS: `-F ${sshd.sshConfigFile}`,
    ANSIBLE_SSH_CONTROL_PATH_DIR: join(folder, 'a'),
    ANSIBLE_HOME: join(folder, 'ansible'),
    ANSIBLE_NOCOLOR: '1',
    LC_ALL: 'C.UTF-8',
  }
  const words = ['ansible', 'all', '-i', inventory, '-f', '50', '-m', 'raw', '-a', 'uptime']
  return {
    name: names.ansible,
    run: () => meter.run({ words, env }),
    failed: async ({ stdout }) =>
      aliases.length - [...stdout.matchAll(/ \| CHANGED \| rc=0/g)].length,
    [Symbol.asyncDispose]: async () => meter[Symbol.dispose](),
  }
}

/** By a server that has the connections: the command line asks it. */
function openFarglass(mode: 'plain' | 'durable'): (setting: Setting) => Promise<Way> {
  return async ({ sshd, aliases, folder }) => {
    const meter = new CommandMeter(join(folder, 'farglass'))
    const server = await startServer({ folder, sshd, sync: 'full' })
    const api = createHttpApi({ baseUrl: server.url })
    const target = aliases.join(',')
    const flags = ['--server', server.url, '--group', '--mode', mode]
    const words = [process.execPath, main, 'run', target, ...flags, '--', 'uptime']
    return {
      name: names[mode],
      run: () => meter.run({ words, helpers: [server.pid] }),
      failed: async () => {
        const [last] = await api.listWhole({ limit: 1 })
        return last?.tasks.filter(({ exitCode }) => exitCode !== 0).length ?? aliases.length
      },
      [Symbol.asyncDispose]: async () => {
        meter[Symbol.dispose]()
        await server[Symbol.asyncDispose]()
      },
    }
  }
}

function sum(found: Iterable<RegExpMatchArray>): number {
  return [...found].reduce((total, [, number = '1']) => total + Number(number), 0)
}

const triesMax = 20
/** Of each way, and measured of none. */
const firstRuns = 5
