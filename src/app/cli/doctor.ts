/** `farglass doctor`: looks at everything Farglass needs, and says what to do. */
import { type CommandSpec, parseCommandLine, usage } from './command-line.ts'
import { connectionFlags } from './connect.ts'
import type { CliContext } from './context.ts'
import { exitStatus } from './exit-status.ts'

export const spec: CommandSpec = {
  name: 'doctor',
  usage: '[HOST]',
  summary: 'check what Farglass needs, or the way to a host, and say what to do',
  flags: connectionFlags,
  examples: [
    ['farglass doctor', 'Node, ssh, data directory, disk, server'],
    ['farglass doctor web-1', 'the same, and a connection to the host'],
  ],
  notes: ['Exit status: 0 when all is well, 1 when something fails.'],
}

export async function run(args: readonly string[], context: CliContext): Promise<number> {
  const line = parseCommandLine(spec, args)
  const [host, extra] = line.words
  if (extra !== undefined || line.rest !== undefined) {
    throw usage(spec, `"${extra ?? '--'}" is one word too many`)
  }
  const { checks, checkHost } = await import('./doctor-checks.ts')
  let hasFailed = false
  const report = async (name: string, found: { ok: boolean; text: string; hint?: string }) => {
    hasFailed ||= !found.ok
    const hint = found.hint === undefined ? '' : `\n        ${found.hint}`
    await context.output.write(
      'out',
      `${found.ok ? 'ok  ' : 'FAIL'}  ${name}: ${found.text}${hint}\n`,
    )
  }
  for (const [name, check] of checks) await report(name, await check(line))
  if (host !== undefined) await report(host, await checkHost(line, host, context))
  return hasFailed ? exitStatus.failed : exitStatus.ok
}
