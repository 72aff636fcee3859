/** What ssh_config makes of a destination, by `ssh -G`. Costs a process, so only asked when needed. */
import { execFile } from 'node:child_process'
import type { Destination } from '../../shared/destination.ts'
import { destinationArgs, sshEnvironment } from './ssh-args.ts'

export interface ResolvedDestination {
  readonly host: string
  readonly port: number
  readonly user: string
}

/** Null when ssh cannot say (then connecting will fail with ssh's own words). */
export function resolveDestination(
  destination: Destination,
  configArgs: readonly string[],
): Promise<ResolvedDestination | null> {
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

function parse(output: string): ResolvedDestination | null {
  const value = (key: string) => new RegExp(`^${key} (.*)$`, 'm').exec(output)?.[1]
  const [host, port, user] = [value('hostname'), value('port'), value('user')]
  if (host === undefined || port === undefined || user === undefined) return null
  return { host, port: Number(port), user }
}
