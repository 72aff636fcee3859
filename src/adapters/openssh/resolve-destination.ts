/** What ssh_config makes of a destination, by `ssh -G`. Costs a process, so only asked when needed. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { Clock } from '../../core/clock.ts'
import type { Destination } from '../../shared/destination.ts'
import type { SshSettings } from '../../shared/protocol/hosts.ts'
import { destinationArgs, sshEnvironment } from './ssh-args.ts'

/** Values by their lower-case keyword, in the order in which ssh names them. */
export type ConfigValues = ReadonlyMap<string, readonly string[]>

/** Answers are kept for a moment, as one login asks several times, and 200 of them the same. */
export class ConfigAnswers {
  readonly #configArgs: readonly string[]
  readonly #clock: Clock
  /** In the order in which they were asked for. */
  readonly #kept = new Map<string, { readonly at: number; readonly answer: Answer }>()

  constructor(configArgs: readonly string[], clock: Clock) {
    this.#configArgs = configArgs
    this.#clock = clock
  }

  /** Null when ssh cannot say (then connecting will fail with ssh's own words). */
  of(destination: Destination): Answer {
    const now = this.#clock.elapsed()
    for (const [key, { at }] of this.#kept) {
      if (now - at < keptMs) break
      this.#kept.delete(key)
    }
    const { user, name, port } = destination
    const key = JSON.stringify([user, name, port])
    const kept = this.#kept.get(key)
    if (kept !== undefined) return kept.answer
    const answer = askConfig(destination, this.#configArgs)
    this.#kept.set(key, { at: now, answer })
    return answer
  }
}

type Answer = Promise<ConfigValues | null>

/** Whoever changes ssh_config is heard soon after. */
const keptMs = 5_000

/** All of it that people look for. Null when ssh cannot say. */
export async function sshSettings(
  destination: Destination,
  configArgs: readonly string[],
): Promise<SshSettings | null> {
  const config = await askConfig(destination, configArgs)
  return config === null ? null : settingsIn(config)
}

/** Null when it lacks what ssh always says. */
export function settingsIn(config: ConfigValues): SshSettings | null {
  const values = (key: string) => config.get(key) ?? []
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

/** Files of known host keys, the first of which takes new ones. Null when ssh cannot say. */
export async function knownHostsFiles(
  destination: Destination,
  configArgs: readonly string[],
): Promise<readonly string[] | null> {
  const [names] = (await askConfig(destination, configArgs))?.get('userknownhostsfile') ?? []
  if (names === undefined) return null
  if (names === 'none') return []
  // A blank in a name is written as one between two.
  return existsSync(names) ? [names] : names.split(' ')
}

function askConfig(destination: Destination, configArgs: readonly string[]): Answer {
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

function parse(output: string): ConfigValues {
  const config = new Map<string, string[]>()
  for (const line of output.split('\n')) {
    const [, key, value] = /^(\S+) (.*)$/.exec(line) ?? []
    if (key === undefined || value === undefined) continue
    const values = config.get(key)
    if (values === undefined) config.set(key, [value])
    else values.push(value)
  }
  return config
}
