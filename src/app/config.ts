/** Settings of `farglass serve`: flags win over FARGLASS_* variables, these over a file, that over defaults. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { isNetwork } from '../adapters/webhook/address-rules.ts'
import { isLoopbackName } from '../http/guard.ts'
import { limits } from '../shared/limits.ts'
import { nearest } from '../shared/nearest.ts'
import { parseTarget } from '../shared/target.ts'
import { parseDuration } from './cli/duration.ts'
import { type RedisAccess, redisAccess } from './redis-access.ts'
import { UsageError } from './usage-error.ts'

export interface ServeConfig {
  readonly host: string
  readonly port: number
  /** Undefined for the directory that the XDG rules name. */
  readonly data: string | undefined
  readonly sshConfig: string | null
  /** Null for the usual place. */
  readonly secretKeyFile: string | null
  /** Null for `inventory.yaml` of the data directory. */
  readonly inventoryFile: string | null
  readonly auth: 'token' | 'none'
  readonly sync: 'full' | 'interval'
  /** The Redis that several nodes share; null without. */
  readonly redis: RedisAccess | null
  /** Null without `redis`. */
  readonly keep: {
    /** Of each run, in Redis. */
    readonly bytes: number
    /** Directory for older lines; null to remove them. */
    readonly archive: string | null
  } | null
  readonly demo: boolean
  /** Address under which people open the page; null: where it listens. */
  readonly baseUrl: string | null
  /** Networks of this machine and its neighbours that webhooks may reach. */
  readonly webhookAllow: readonly string[]
  readonly allowedHosts: readonly string[]
  /** Null without a canary. */
  readonly canary: { readonly target: string; readonly everyMs: number } | null
  /** The port was asked for; without that, a demo takes another one when it is taken. */
  readonly isPortGiven: boolean
}

export interface ConfigSources {
  /** Values by the name of their flag, without `--`. */
  readonly flags: Readonly<Record<string, string>>
  readonly env: Readonly<Record<string, string | undefined>>
}

const yesNo = z
  .enum(['true', 'false', '1', '0', 'yes', 'no', ''], 'is not "true" or "false"')
  .transform((text) => text === 'true' || text === '1' || text === 'yes' || text === '')

/** By the name of the flag. The messages are ends of a sentence that begins with the setting and its value. */
const settings = {
  host: z.string().regex(/^[A-Za-z0-9.:_-]+$/, 'is not an address or name to listen on'),
  port: z
    .string()
    .regex(/^[0-9]{1,5}$/, 'is not a port (0 to 65535)')
    .transform(Number)
    .refine((port) => port <= 65_535, 'is not a port (0 to 65535)'),
  data: z.string(),
  'ssh-config': z.string(),
  'secret-key-file': z.string(),
  inventory: z.string(),
  auth: z.enum(['token', 'none'], 'is not "token" or "none"'),
  sync: z.enum(['full', 'interval'], 'is not "full" or "interval"'),
  redis: z
    .string()
    .regex(/^rediss?(\+sentinel)?:\/\/\S+$/, 'is not an address as redis://HOST:PORT'),
  'redis-ca': z.string(),
  archive: z.string(),
  'redis-keep': z
    .string()
    .regex(/^[0-9]{1,6}[MG]$/, 'is not a size such as 64M or 1G')
    .transform((text) => Number.parseInt(text, 10) * (text.endsWith('G') ? 1024 ** 3 : 1024 ** 2))
    .refine((bytes) => bytes >= limits.hotBytesMin, 'is less than 8M'),
  demo: yesNo,
  'allow-host': z
    .string()
    .regex(/^[A-Za-z0-9.:[\]_,-]+$/, 'is not a host name, or several joined by commas'),
  'behind-tls-proxy': yesNo,
  'base-url': z
    .string()
    .regex(
      /^https?:\/\/[^\s/?#@]+(?:\/[^\s?#]*)?$/,
      'is not an address as https://farglass.example.com',
    )
    .transform((text) => text.replace(/\/+$/, '')),
  'webhook-allow': z
    .string()
    .refine(
      (text) => text.split(',').every(isNetwork),
      'is not a network as 127.0.0.0/8, or several joined by commas',
    ),
  canary: z.string().refine(isTarget, 'is not a target, as web-1 or @web'),
  'canary-every': z
    .string()
    .transform((text) => parseDuration(text) ?? 0)
    .refine((ms) => ms >= limits.canaryEveryMsMin, 'is not a time from 5s up, such as 5m'),
} as const

const canaryEveryMsDefault = 5 * 60_000

function isTarget(text: string): boolean {
  try {
    parseTarget(text)
    return true
  } catch {
    return false
  }
}

type SettingName = keyof typeof settings
// The keys of a constant table are its names.
const settingNames = Object.keys(settings) as readonly SettingName[]

interface Given {
  readonly value: string
  /** Where it was written, for the sentence: `--port`, `FARGLASS_PORT`, `"port" in /etc/farglass.json`. */
  readonly origin: string
}

/** Throws a UsageError that names the wrong setting, its value and where it was written. */
export function readConfig({ flags, env }: ConfigSources): ServeConfig {
  const given = collect(flags, env)
  const read = <N extends SettingName>(name: N): z.infer<(typeof settings)[N]> | undefined => {
    const found = given.get(name)
    return found === undefined ? undefined : parse(name, found)
  }
  const sshConfig = read('ssh-config')
  const secretKeyFile = read('secret-key-file')
  const inventory = read('inventory')
  const config: ServeConfig = {
    host: read('host') ?? '127.0.0.1',
    port: read('port') ?? 4770,
    data: read('data'),
    sshConfig: sshConfig === undefined ? null : existingFile(sshConfig, given.get('ssh-config')),
    inventoryFile: inventory === undefined ? null : existingFile(inventory, given.get('inventory')),
    secretKeyFile: secretKeyFile === undefined ? null : resolve(secretKeyFile),
    auth: read('auth') ?? 'token',
    sync: read('sync') ?? 'full',
    redis: redisOf(read('redis'), given),
    keep: keepOf(read('archive'), read('redis-keep'), given),
    demo: read('demo') ?? false,
    baseUrl: read('base-url') ?? null,
    webhookAllow: listed(read('webhook-allow')),
    allowedHosts: listed(read('allow-host')),
    canary: canaryOf(read('canary'), read('canary-every'), given),
    isPortGiven: given.has('port'),
  }
  checkReach(config, read('behind-tls-proxy') ?? false)
  return config
}

function listed(text: string | undefined): readonly string[] {
  return text === undefined ? [] : text.split(',')
}

function redisOf(url: string | undefined, given: ReadonlyMap<string, Given>): RedisAccess | null {
  const ca = given.get('redis-ca')
  if (url !== undefined) {
    return redisAccess(url, ca === undefined ? undefined : { file: ca.value, origin: ca.origin })
  }
  if (ca === undefined) return null
  throw new UsageError(`${ca.origin} says nothing without Redis.`, 'Give --redis URL.')
}

function keepOf(
  archive: string | undefined,
  bytes: number | undefined,
  given: ReadonlyMap<string, Given>,
): ServeConfig['keep'] {
  if (given.has('redis')) {
    return {
      bytes: bytes ?? limits.hotBytes,
      archive: archive === undefined ? null : resolve(archive),
    }
  }
  const origin = (given.get('archive') ?? given.get('redis-keep'))?.origin
  if (origin === undefined) return null
  throw new UsageError(
    `${origin} says nothing without Redis.`,
    'Give --redis URL; a data directory keeps all lines by itself.',
  )
}

function canaryOf(
  target: string | undefined,
  everyMs: number | undefined,
  given: ReadonlyMap<string, Given>,
): ServeConfig['canary'] {
  if (target !== undefined) {
    return { target, everyMs: everyMs ?? canaryEveryMsDefault }
  }
  if (everyMs === undefined) return null
  const origin = given.get('canary-every')?.origin ?? '--canary-every'
  throw new UsageError(`${origin} says nothing without hosts.`, 'Name them with --canary HOST.')
}

function collect(flags: ConfigSources['flags'], env: ConfigSources['env']): Map<string, Given> {
  const given = new Map<string, Given>()
  const file = flags['config'] ?? present(env['FARGLASS_CONFIG'])
  if (file !== undefined) for (const [name, each] of readConfigFile(file)) given.set(name, each)
  for (const name of settingNames) {
    const variable = `FARGLASS_${name.toUpperCase().replaceAll('-', '_')}`
    const value = present(env[variable])
    if (value !== undefined) given.set(name, { value, origin: variable })
    const flag = flags[name]
    if (flag !== undefined) given.set(name, { value: flag, origin: `--${name}` })
  }
  return given
}

function readConfigFile(file: string): [string, Given][] {
  return Object.entries(parseConfigFile(file)).map(([name, value]) => {
    const origin = `"${name}" in ${file}`
    if (!settingNames.some((known) => known === name)) {
      const near = nearest(name, settingNames)
      const guess = near === undefined ? '' : `; did you mean "${near}"?`
      throw new UsageError(`${origin} is no setting${guess}.`, `Known: ${settingNames.join(', ')}.`)
    }
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
      throw new UsageError(`${origin} is not a text, number or truth value.`, seeHelp)
    }
    return [name, { value: String(value), origin }]
  })
}

function parseConfigFile(file: string): Record<string, unknown> {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    throw new UsageError(`The configuration file cannot be read: ${why}.`, 'Check --config.')
  }
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text))
  } catch {
    throw new UsageError(
      `The configuration file ${file} is not a JSON object.`,
      'Write it as {"port": 4770, "auth": "token"}.',
    )
  }
}

const seeHelp = 'See "farglass serve --help".'

function parse<N extends SettingName>(name: N, given: Given): z.infer<(typeof settings)[N]> {
  const laterAuth = name === 'auth' && given.value === 'users'
  if (laterAuth) throw new UsageError(`${given.origin}: "users" is not in this version.`, seeHelp)
  const result = settings[name].safeParse(given.value)
  // The schema was taken from the table by the same name.
  if (result.success) return result.data as z.infer<(typeof settings)[N]>
  const why = result.error.issues[0]?.message ?? 'is not right'
  // An address may hold a password, whatever is wrong with it.
  const shown = name === 'redis' ? 'the value' : `"${given.value}"`
  throw new UsageError(`${given.origin}: ${shown} ${why}.`, seeHelp)
}

function existingFile(path: string, given: Given | undefined): string {
  const file = resolve(path)
  try {
    readFileSync(file)
    return file
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    throw new UsageError(`${given?.origin ?? '--ssh-config'}: it cannot be read: ${why}.`, seeHelp)
  }
}

/** Who can reach Farglass can run commands: nothing but loopback goes without a login and TLS. */
function checkReach(config: ServeConfig, isBehindTlsProxy: boolean): void {
  if (isLoopbackName(config.host)) return
  if (config.auth === 'none') {
    throw new UsageError(
      `--auth none is refused on ${config.host}: whoever reaches it could run commands on your hosts.`,
      'Listen on 127.0.0.1, or use --auth token.',
    )
  }
  if (!isBehindTlsProxy) {
    throw new UsageError(
      `Listening on ${config.host} would send logins and output in clear over the network.`,
      'Put a proxy with TLS in front and say so with --behind-tls-proxy and --allow-host NAME, or tunnel: ssh -L 4770:127.0.0.1:4770.',
    )
  }
}

function present(value: string | undefined): string | undefined {
  return value === '' ? undefined : value
}
