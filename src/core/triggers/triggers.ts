/** Triggers: kept as documents of the store, each with a sealed key; a signed payload becomes a start. */

import type { Listing } from '../../shared/listing.ts'
import type { Trigger, TriggerRequest, TriggerTest } from '../../shared/protocol/triggers.ts'
import type { Run } from '../../shared/run.ts'
import { Secret } from '../../shared/secret.ts'
import type { RunService, StartRun } from '../runs/run-service.ts'
import { type ConfirmParts, checkConfirmed } from '../saved-commands/check-confirmed.ts'
import type { SavedCommands } from '../saved-commands/saved-commands.ts'
import { type SealedKind, sealedKind } from '../secrets/sealed-kind.ts'
import type { SecretBox } from '../secrets/secret-box.ts'
import type { RecordStore } from '../store/record-store.ts'
import { type TypedRecord, TypedRecords } from '../store/typed-records.ts'
import { unknownName } from '../store/unknown-name.ts'
import { mappedParameters } from './mapped-parameters.ts'
import { type StoredTrigger, triggerType } from './trigger-records.ts'

export interface Triggers {
  list(): Promise<Listing<Trigger>>
  /** Rejects with `not-found`. */
  get(name: string): Promise<Trigger>
  /**
   * Stores it; without a key, old or new, one is made and given this once. Rejects with `not-found` for
   * an unknown saved command, with `conflict` for another version, and with `confirmation-needed` when
   * what it starts is to be confirmed: nobody is asked at its requests.
   */
  put(name: string, request: TriggerRequest, version?: number): Promise<Trigger>
  /** Rejects with `not-found`. */
  remove(name: string): Promise<void>
  /** What a payload would start. Rejects as `start`. */
  test(name: string, payload: unknown): Promise<TriggerTest>
  /** How its requests are signed; null when it is not there, or switched off. */
  lock(name: string): Promise<TriggerLock | null>
  /**
   * Starts what the payload asks for; with the same key again it gives the run of the first time.
   * Rejects with `bad-request` and `bad-parameter` for what it must not hold.
   */
  start(name: string, ask: { readonly payload: unknown; readonly key: string }): Promise<Run>
}

export interface TriggerLock {
  readonly signature: TriggerRequest['signature']
  readonly secret: Secret
}

export interface TriggersParts {
  readonly records: RecordStore
  readonly box: SecretBox
  readonly commands: Pick<SavedCommands, 'prepare' | 'get'>
  readonly hosts: ConfirmParts['hosts']
  readonly runs: Pick<RunService, 'start'>
  /** Unguessable. */
  readonly newSecret: () => string
}

/** The key of each. */
export const sealedTriggers: SealedKind = sealedKind(triggerType, (name, trigger, seal) => ({
  ...trigger,
  sealed: seal(trigger.sealed, contextOf(name)),
}))

export function createTriggers(parts: TriggersParts): Triggers {
  const { box, runs } = parts
  const stored = new TypedRecords(parts.records, triggerType)
  const unknown = async (name: string) =>
    unknownName({ noun: 'trigger', command: 'triggers' }, name, await stored.list())
  const find = async (name: string): Promise<StoredTrigger> => {
    const found = await stored.get(name)
    if (found === undefined) throw await unknown(name)
    return found.value
  }
  return {
    list: async () => {
      const { items, unreadable } = await stored.list()
      return { items: items.map(shown), unreadable }
    },
    get: async (name) => {
      const found = await stored.get(name)
      if (found === undefined) throw await unknown(name)
      return shown(found)
    },
    put: async (name, request, version) => {
      await checkTrigger(request, parts)
      const before = await stored.get(name)
      const { secret, ...rest } = request
      const { made, sealed } = keyOf(name, { secret, before: before?.value.sealed }, parts)
      const after = await stored.put(name, { ...rest, sealed }, version)
      return { ...shown(after), secret: made }
    },
    remove: async (name) => {
      if (!(await stored.remove(name))) throw await unknown(name)
    },
    test: async (name, payload) => testOf(await prepared(await find(name), payload, parts)),
    lock: async (name) => {
      const found = await stored.get(name)
      if (found === undefined) return null
      const { enabled, signature, sealed } = found.value
      return enabled ? { signature, secret: box.open(sealed, contextOf(name)) } : null
    },
    start: async (name, { payload, key }) => {
      const start = await prepared(await find(name), payload, parts)
      return runs.start({
        ...start,
        startedBy: { kind: 'trigger', name },
        key: { key: `trigger/${name}/${key}`, digest: 'trigger' },
      })
    },
  }
}

function prepared(
  trigger: StoredTrigger,
  payload: unknown,
  { commands }: TriggersParts,
): Promise<StartRun> {
  const parameters = mappedParameters(trigger, payload)
  return commands.prepare({ target: trigger.target, saved: { name: trigger.saved, parameters } })
}

function testOf({ request, saved }: StartRun): TriggerTest {
  const values = Object.entries(saved?.parameters ?? {})
  return {
    target: request.target,
    parameters: Object.fromEntries(
      values.map(([name, value]) => [name, typeof value === 'string' ? value : null]),
    ),
  }
}

function shown({ name, version, value }: TypedRecord<StoredTrigger>): Trigger {
  const { sealed: _, ...trigger } = value
  return { ...trigger, name, version, path: `/api/v1/triggers/${name}`, secret: null }
}

/** Values come with each request: those that are fixed are all that the question can show. */
async function checkTrigger(request: TriggerRequest, parts: TriggersParts): Promise<void> {
  const { name, version, source, target: usual } = await parts.commands.get(request.saved)
  const { target = usual, confirm, parameters } = request
  if (!request.enabled || target === undefined) return
  const values = Object.entries(parameters).map(([key, value]) => [key, String(value)] as const)
  const saved = { name, version, parameters: Object.fromEntries(values) }
  await checkConfirmed({ request: { target, source, confirm }, saved }, parts)
}

/** The key that is given, else the one before, else a new one, which is told this once. */
function keyOf(
  name: string,
  { secret, before }: { readonly secret: string | undefined; readonly before: string | undefined },
  { box, newSecret }: TriggersParts,
): { readonly sealed: string; readonly made: string | null } {
  const seal = (key: string) => box.seal(new Secret(key), contextOf(name))
  if (secret !== undefined) return { sealed: seal(secret), made: null }
  if (before !== undefined) return { sealed: before, made: null }
  const made = newSecret()
  return { sealed: seal(made), made }
}

function contextOf(name: string): string {
  return `trigger/${name}`
}
