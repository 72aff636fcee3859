/** Makes the start of a run from a saved command and the values that were given for it. */
import { AppError } from '../../shared/errors.ts'
import type { Inventory } from '../../shared/inventory.ts'
import { type MatchesWhole, valueComplaint } from '../../shared/parameter-value.ts'
import { fillSource, placeholdersOfSource } from '../../shared/placeholders.ts'
import type { RunRequest } from '../../shared/protocol/requests.ts'
import type { SavedRunRequest } from '../../shared/protocol/start-run.ts'
import type { ParameterValue, SavedUse, Source } from '../../shared/run.ts'
import {
  isNeeded,
  type Parameter,
  type PerHostParameter,
  type StoredCommand,
} from '../../shared/saved-command.ts'
import { Secret } from '../../shared/secret.ts'
import { parseTarget, selectHosts } from '../../shared/target.ts'
import type { HostInventory } from '../inventory/inventory.ts'
import type { StartRun } from '../runs/run-service.ts'

export interface PrepareParts {
  readonly inventory: HostInventory
  readonly matches: MatchesWhole
}

export async function preparedStart(
  command: StoredCommand,
  { saved, target = command.target, ...given }: SavedRunRequest,
  parts: PrepareParts,
): Promise<StartRun> {
  const { name, version } = command
  if (saved.version !== undefined && saved.version !== version) throw changed(name)
  if (target === undefined) throw withoutTarget(name)
  const values = givenValues(command, saved.parameters ?? {})
  checkValues(command, values, parts.matches)
  const known = await parts.inventory.read()
  const hosts = selectHosts(parseTarget(target), known)
  const parameters = Object.fromEntries(
    (command.parameters ?? []).map((parameter) => [
      parameter.name,
      storedValue(parameter, values.get(parameter.name), { hosts, known }),
    ]),
  )
  const use: SavedUse = { name, version, parameters }
  const secrets = secretsOf(command, values)
  return {
    request: { ...defaultsOf(command), ...given, target, source: sourceOf(command, use) },
    saved: use,
    ...(secrets.size === 0 ? {} : { secrets }),
  }
}

interface RunHosts {
  readonly hosts: readonly string[]
  readonly known: Inventory
}

/** What is stored of it with the run. */
function storedValue(
  parameter: Parameter,
  given: string | undefined,
  run: RunHosts,
): ParameterValue {
  if (given === undefined) return parameter.kind === 'per-host' ? valuePerHost(parameter, run) : ''
  return parameter.kind === 'secret' ? null : given
}

function secretsOf(
  { parameters = [] }: StoredCommand,
  values: ReadonlyMap<string, string>,
): ReadonlyMap<string, Secret> {
  const secrets = new Map<string, Secret>()
  for (const { kind, name } of parameters) {
    const value = values.get(name)
    if (kind === 'secret' && value !== undefined) secrets.set(name, new Secret(value))
  }
  return secrets
}

/** What its runs are like, unless the start says otherwise. */
function defaultsOf({
  mode,
  merged,
  sudo,
  plan,
}: StoredCommand): Omit<RunRequest, 'target' | 'source'> {
  return {
    ...plan,
    ...(mode === undefined ? {} : { mode }),
    ...(merged === undefined ? {} : { merged }),
    ...(sudo === undefined ? {} : { sudo }),
  }
}

/** With the values that all hosts share in their places; where one is another on each host, each task fills that. */
function sourceOf({ source }: StoredCommand, { parameters }: SavedUse): Source {
  if (source.kind === 'command') return source
  const shared = Object.entries(parameters).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  return fillSource(source, new Map(shared))
}

function givenValues(
  { name, parameters = [] }: StoredCommand,
  given: Readonly<Record<string, string | number>>,
): ReadonlyMap<string, string> {
  const known = new Set(parameters.map((parameter) => parameter.name))
  for (const key of Object.keys(given)) {
    if (!known.has(key)) {
      const list = known.size === 0 ? 'It has none.' : `It has ${[...known].join(', ')}.`
      throw new AppError('bad-parameter', `"${name}" has no parameter "${shown(key)}".`, {
        hint: list,
      })
    }
  }
  const values = new Map<string, string>()
  for (const parameter of parameters) {
    const value = Object.hasOwn(given, parameter.name)
      ? given[parameter.name]
      : defaultOf(parameter)
    if (value !== undefined) values.set(parameter.name, String(value))
    else if (isNeeded(parameter)) throw missing(name, parameter)
  }
  return values
}

/** Defaults of a per-host one are for single hosts. */
function defaultOf(parameter: Parameter): string | number | undefined {
  if (parameter.kind === 'secret' || parameter.kind === 'per-host') return undefined
  return parameter.default
}

function checkValues(
  { parameters = [], source }: StoredCommand,
  values: ReadonlyMap<string, string>,
  matches: MatchesWhole,
): void {
  const filled = source.kind === 'command' ? [] : placeholdersOfSource(source)
  for (const parameter of parameters) {
    const value = values.get(parameter.name)
    if (value === undefined || (value === '' && parameter.required === false)) continue
    const complaint =
      valueComplaint(parameter, value, matches) ??
      // It would be taken for a place of the next parameter.
      (filled.includes(parameter.name) && value.includes('{{') ? 'holds "{{"' : undefined)
    if (complaint === undefined) continue
    throw new AppError('bad-parameter', `The parameter "${parameter.name}" ${complaint}.`)
  }
}

/** The host's own name goes first, then what selects it in the order in which it is written. */
function valuePerHost(
  { name, values, default: other }: PerHostParameter,
  { hosts, known }: RunHosts,
): Readonly<Record<string, string>> {
  const inventory = withHosts(known, hosts)
  const found = new Map<string, string>()
  for (const [target, value] of Object.entries(values)) {
    for (const host of selected(target, inventory)) if (!found.has(host)) found.set(host, value)
  }
  return Object.fromEntries(
    hosts.map((host) => {
      const own = Object.hasOwn(values, host) ? values[host] : undefined
      const value = own ?? found.get(host) ?? other
      if (value === undefined) throw withoutValue(name, host)
      return [host, value]
    }),
  )
}

/** A pattern may select hosts of the run that nobody has listed. */
function withHosts({ hosts }: Inventory, more: readonly string[]): Inventory {
  const names = new Set(hosts.map(({ name }) => name))
  const others = more.filter((name) => !names.has(name))
  return { hosts: [...hosts, ...others.map((name) => ({ name, groups: [], tags: [] }))] }
}

/** A group that has no host now is no mistake: others have a value, or the one for all others counts. */
function selected(target: string, inventory: Inventory): readonly string[] {
  try {
    return selectHosts(parseTarget(target), inventory)
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'bad-target') return []
    throw thrown
  }
}

function withoutValue(name: string, host: string): AppError {
  return new AppError('bad-parameter', `The parameter "${name}" has no value for ${host}.`, {
    hint: 'Give it a default, or a value for a target that selects the host.',
  })
}

function changed(name: string): AppError {
  return new AppError('conflict', `"${name}" was changed meanwhile.`, {
    hint: 'Look at it again, then start it.',
  })
}

function withoutTarget(name: string): AppError {
  const message = `"${name}" has no target of its own, and none was given.`
  return new AppError('bad-target', message, { hint: 'Say on which hosts it shall run.' })
}

function missing(name: string, parameter: Parameter): AppError {
  return new AppError('bad-parameter', `"${name}" needs the parameter "${parameter.name}".`)
}

/** What a caller wrote, fit for a sentence. */
function shown(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '\uFFFD').slice(0, 60)
}
