/** `farglass hosts`: the hosts that are known here, what ssh makes of one, and whether the way to it works. */
import { displayText } from '../../shared/display.ts'
import type { HostCheck, HostDetails, HostList, SshSettings } from '../../shared/protocol/hosts.ts'
import { type CommandSpec, parseCommandLine, usage } from './command-line.ts'
import { connect, connectionFlags } from './connect.ts'
import { type CliContext, onStopSignal } from './context.ts'
import { exitStatus } from './exit-status.ts'

export const spec: CommandSpec = {
  name: 'hosts',
  usage: '[HOST]',
  summary: 'list known hosts, or say what ssh will use for one and whether it can be reached',
  flags: {
    check: {
      value: null,
      help: 'go the way to HOST, step by step, and say whether it holds durable runs',
    },
    json: { value: null, help: 'one JSON object per host, or of the one' },
    ...connectionFlags,
  },
  examples: [
    ['farglass hosts', 'those of ssh_config, then those of the newest runs'],
    ['farglass hosts web-1', 'address, user, jump hosts and keys that ssh will use'],
    ['farglass hosts web-1 --check', 'the same way that a run goes, with the time of each step'],
  ],
  notes: [
    'A check starts nothing on the host and asks nobody: a host key that is not known, or a password, ends it with a sentence.',
    'Exit status: 0, and 1 when a check failed.',
  ],
}

export async function run(args: readonly string[], context: CliContext): Promise<number> {
  const line = parseCommandLine(spec, args)
  const [name, extra] = line.words
  if (extra !== undefined || line.rest !== undefined) {
    throw usage(spec, `"${extra ?? '--'}" is one word too many`)
  }
  if (name === undefined && line.has('check')) throw usage(spec, '--check needs a HOST')
  await using connection = await connect(line)
  const { api } = connection
  const leave = new AbortController()
  using _interrupt = onStopSignal(() => leave.abort())
  const print = (value: object, text: string) =>
    context.output.write('out', line.has('json') ? `${JSON.stringify(value)}\n` : text)
  if (name === undefined) {
    const list = await api.hosts()
    await printList(list, { isJson: line.has('json'), context })
    return exitStatus.ok
  }
  if (!line.has('check')) {
    const details = await api.host(name)
    await print(details, detailsText(details))
    return exitStatus.ok
  }
  const check = await api.checkHost(name, leave.signal)
  await print(check, checkText(check))
  return check.ok ? exitStatus.ok : exitStatus.failed
}

async function printList(
  { hosts, runs }: HostList,
  { isJson, context }: { readonly isJson: boolean; readonly context: CliContext },
): Promise<void> {
  const { output } = context
  if (isJson) return output.write('out', hosts.map((host) => `${JSON.stringify(host)}\n`).join(''))
  const width = Math.max(0, ...hosts.map(({ name }) => name.length))
  const rows = hosts.map(({ name, config, lastRun }) => {
    const place = config === null ? 'not in ssh_config' : `${config.file}:${config.line}`
    const last = lastRun === null ? '' : `  last run ${lastRun.createdAt.slice(0, 10)}`
    return `${displayText(name).padEnd(width)}  ${displayText(place)}${last}\n`
  })
  await output.write('out', rows.join(''))
  if (hosts.length === 0) {
    await context.say(`ssh_config names no host, and the newest ${runs} runs have none either.`)
  }
}

function detailsText({ name, config, ssh }: HostDetails): string {
  const place = config === null ? 'not named in ssh_config' : `${config.file}:${config.line}`
  const rows = [['Host', name] as const, ['ssh_config', place] as const, ...settingsRows(ssh)]
  const known = rows.map(([key, value]) => `${key.padEnd(16)}${displayText(value)}\n`).join('')
  return known + (ssh === null ? 'ssh itself cannot say what it would use.\n' : '')
}

function settingsRows(ssh: SshSettings | null): readonly (readonly [string, string])[] {
  if (ssh === null) return []
  const { hostName, port, user, proxyJump, proxyCommand } = ssh
  return [
    ['HostName', hostName],
    ['Port', String(port)],
    ['User', user],
    ...(proxyJump === null ? [] : [['ProxyJump', proxyJump] as const]),
    ...(proxyCommand === null ? [] : [['ProxyCommand', proxyCommand] as const]),
    ...ssh.identityFiles.map((file) => ['IdentityFile', file] as const),
    ...ssh.certificateFiles.map((file) => ['CertificateFile', file] as const),
  ]
}

function checkText({ steps }: HostCheck): string {
  return steps
    .map(({ step, ok, ms, text, hint }) => {
      const more = hint === null ? '' : `\n        ${displayText(hint)}`
      return `${ok ? 'ok  ' : 'FAIL'}  ${step.padEnd(8)}${String(ms).padStart(6)} ms  ${displayText(text)}${more}\n`
    })
    .join('')
}
