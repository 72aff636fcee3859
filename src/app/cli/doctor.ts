/** `farglass doctor`: looks at everything Farglass needs, and says what to do. */
import { limits } from '../../shared/limits.ts'
import { type CaSetting, redisAccess } from '../redis-access.ts'
import { type CommandLine, type CommandSpec, parseCommandLine, usage } from './command-line.ts'
import { connectionFlags, environment } from './connect.ts'
import type { CliContext } from './context.ts'
import type { Finding } from './doctor-checks.ts'
import { exitStatus } from './exit-status.ts'

export const spec: CommandSpec = {
  name: 'doctor',
  usage: '[HOST]',
  summary: 'check what Farglass needs, or the way to a host, and say what to do',
  flags: {
    canary: {
      value: 'HOST[,HOST…]',
      help: 'send known lines from these hosts and tell which are lost, doubled, late or damaged',
    },
    lines: {
      value: 'N',
      help: `lines of a canary (default 1,000, up to ${limits.canaryLinesMax.toLocaleString('en')})`,
    },
    redis: {
      value: 'URL',
      help: 'look at the Redis that servers share, too (or FARGLASS_REDIS, as its password is seen in a flag)',
    },
    'redis-ca': {
      value: 'FILE',
      help: 'certificate of the authority that signs those of Redis (or FARGLASS_REDIS_CA)',
    },
    json: { value: null, help: 'one JSON object per check or host' },
    ...connectionFlags,
  },
  examples: [
    ['farglass doctor', 'Node, ssh, data directory, disk, server, and what is kept under names'],
    [
      'farglass doctor web-1',
      'the same, the host keys that ssh knows it by, a connection to it, and what is kept there',
    ],
    [
      'farglass doctor --redis rediss://redis-1',
      'the same, and whether that Redis can be trusted with lines',
    ],
    ['farglass doctor --canary web-1', '1,100 lines from web-1, and how each of them fared'],
  ],
  notes: [
    'Saved commands, alerts, schedules, triggers, added hosts and a retention policy that cannot be read are named, each with why and what to do.',
    'With a HOST it also says whether the host can hold durable runs, and lists what is kept there of runs that are not known here. It removes nothing.',
    'A canary runs a small sh program on the host. It prints numbered lines with check sums, which come back as all output does: over SSH, into the store, by the stream. They are read three times: live, again from the store, and as raw bytes. Every line must be there once, in order, undamaged.',
    'Its latency is from the print on the host to the reader, of which the clocks of both leave a range: no line came before it was sent, and none was sent before it was asked for.',
    'Its runs are removed when all is good; a bad one is kept and named.',
    'Exit status: 0 when all is well, 1 when something fails.',
  ],
}

export async function run(args: readonly string[], context: CliContext): Promise<number> {
  const line = parseCommandLine(spec, args)
  const [host, extra] = line.words
  if (extra !== undefined || line.rest !== undefined) {
    throw usage(spec, `"${extra ?? '--'}" is one word too many`)
  }
  if (!line.has('canary')) return check(line, host, context)
  if (host !== undefined) throw usage(spec, `"${host}" is too much: --canary names the hosts`)
  const { doctorCanary } = await import('./doctor-canary.ts')
  return doctorCanary(spec, line, context)
}

async function check(
  line: CommandLine,
  host: string | undefined,
  context: CliContext,
): Promise<number> {
  if (line.has('lines')) throw usage(spec, '--lines counts only with --canary HOST')
  const [{ checks, checkHost }, { checkRecords }] = await Promise.all([
    import('./doctor-checks.ts'),
    import('./doctor-records.ts'),
  ])
  let hasFailed = false
  const report = async (name: string, found: { ok: boolean; text: string; hint?: string }) => {
    hasFailed ||= !found.ok
    const hint = found.hint === undefined ? '' : `\n        ${found.hint}`
    const text = line.has('json')
      ? JSON.stringify({ name, ...found })
      : `${found.ok ? 'ok  ' : 'FAIL'}  ${name}: ${found.text}${hint}`
    await context.output.write('out', `${text}\n`)
  }
  for (const [name, look] of checks) await report(name, await look(line, host))
  for (const found of await checkRecords(line)) await report('records', found)
  for (const [name, found] of await lookAtRedis(line)) await report(name, found)
  const found = host === undefined ? [] : await checkHost(line, host, context)
  for (const each of found) await report(host ?? '', each)
  return hasFailed ? exitStatus.failed : exitStatus.ok
}

async function lookAtRedis(line: CommandLine): Promise<readonly (readonly [string, Finding])[]> {
  const url = line.value('redis') ?? environment('FARGLASS_REDIS')
  if (url === undefined) return []
  const { checkRedis } = await import('./doctor-redis.ts')
  return checkRedis(redisAccess(url, certificatesOf(line)))
}

function certificatesOf(line: CommandLine): CaSetting | undefined {
  const file = line.value('redis-ca')
  if (file !== undefined) return { file, origin: '--redis-ca' }
  const set = environment('FARGLASS_REDIS_CA')
  return set === undefined ? undefined : { file: set, origin: 'FARGLASS_REDIS_CA' }
}
