/** What ssh_config makes of a destination, by `ssh -G`. Costs a process, so only asked when needed. */
import { execFile } from 'node:child_process'
import type { Destination } from '../../shared/destination.ts'
import type { SshSettings } from '../../shared/protocol/hosts.ts'
import { destinationArgs, sshEnvironment } from './ssh-args.ts'

export interface ResolvedDestination {
  readonly host: string
  readonly port: number
  readonly user: string
}

/** Null when ssh cannot say (then connecting will fail with ssh's own words). */
export async function resolveDestination(
  destination: Destination,
  configArgs: readonly string[],
): Promise<ResolvedDestination | null> {
  const settings = await sshSettings(destination, configArgs)
  if (settings === null) return null
  return { host: settings.hostName, port: settings.port, user: settings.user }
}

/** All of it that people look for. Null when ssh cannot say. */
export function sshSettings(
  destination: Destination,
  configArgs: readonly string[],
): Promise<SshSettings | null> {
  const args = [...configArgs, '-G', ...destinationArgs(destination)]
  return new Promise((resolve) => {
    const process = execFile(
      'ssh',
      args,
      { env: sshEnvironment(), timeout: 10_000 },
      (error, stdout) => resolve(error === null ? parse(stdout) : null),
    )
    process.stdin?.end()
  })
}

function parse(output: string): SshSettings | null {
  const values = (key: string) =>
    [...output.matchAll(new RegExp(`^${key} (.*)$`, 'gm'))].map(([, value = '']) => value)
  const [hostName] = values('hostname')
  const [port] = values('port')
  const [user] = values('user')
  if (hostName === undefined || port === undefined || user === undefined) return null
  // ssh writes "none" for what was switched off.
  const set = (key: string) => values(key).find((value) => value !== 'none') ?? null
  return {
    hostName,
    port: Number(port),
    user,
    proxyJump: set('proxyjump'),
    proxyCommand: set('proxycommand'),
    identityFiles: values('identityfile'),
    certificateFiles: values('certificatefile'),
  }
}
