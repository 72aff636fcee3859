/** Triggers: kept as documents of the store, each with a sealed key; a signed payload becomes a start. */

import { automationLimits } from '../../shared/automation-limits.ts'
import { AppError } from '../../shared/errors.ts'
import {
  type Trigger,
  type TriggerRequest,
  type TriggerTest,
  triggerRequestSchema,
} from '../../shared/protocol/triggers.ts'
import type { Run } from '../../shared/run.ts'
import { Secret } from '../../shared/secret.ts'
import type { RunService, StartRun } from '../runs/run-service.ts'
import { type ConfirmParts, checkConfirmed } from '../saved-commands/check-confirmed.ts'
import type { SavedCommands } from '../saved-commands/saved-commands.ts'
import type { SecretBox } from '../secrets/secret-box.ts'
import type { RecordStore, StoredRecord } from '../store/record-store.ts'
import { mappedParameters } from './mapped-parameters.ts'

export interface Triggers {
  list(): Promise<readonly Trigger[]>
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

interface StoredTrigger extends Omit<TriggerRequest, 'secret'> {
  readonly name: string
  readonly version: number
  /** Its key, sealed. */
  readonly sealed: string
}

export function createTriggers(parts: TriggersParts): Triggers {
  const { records, box, runs } = parts
  const find = async (name: string): Promise<StoredTrigger> => {
    const stored = await records.get('trigger', name)
    if (stored === undefined) throw unknown(name)
    return triggerOf(stored)
  }
  return {
    list: async () => (await records.list('trigger')).map((each) => shown(triggerOf(each))),
    get: async (name) => shown(await find(name)),
    put: async (name, request, version) => {
      await checkTrigger(request, parts)
      const before = await records.get('trigger', name)
      await checkCount(before, records)
      const { secret, ...rest } = request
      const isNew = secret === undefined && before === undefined
      const made = isNew ? parts.newSecret() : null
      const key = secret ?? made
      const sealed =
        key === null ? before && triggerOf(before).sealed : box.seal(new Secret(key), context(name))
      const body = JSON.stringify({ ...rest, sealed })
      const stored = await records.put({ kind: 'trigger', name, body, version })
      return { ...shown(triggerOf(stored)), secret: made }
    },
    remove: async (name) => {
      if (!(await records.remove('trigger', name))) throw unknown(name)
    },
    test: async (name, payload) => testOf(await prepared(await find(name), payload, parts)),
    lock: async (name) => {
      const stored = await records.get('trigger', name)
      if (stored === undefined) return null
      const { enabled, signature, sealed } = triggerOf(stored)
      return enabled ? { signature, secret: box.open(sealed, context(name)) } : null
    },
    start: async (name, { payload, key }) => {
      const start = await prepared(await find(name), payload, parts)
      return runs.start({ ...start, key: { key: `trigger/${name}/${key}`, digest: 'trigger' } })
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

function shown(stored: StoredTrigger): Trigger {
  const { sealed: _, ...trigger } = stored
  return { ...trigger, path: `/api/v1/triggers/${trigger.name}`, secret: null }
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

async function checkCount(before: StoredRecord | undefined, records: RecordStore): Promise<void> {
  if (before !== undefined || (await records.list('trigger')).length < automationLimits.triggersMax)
    return
  throw new AppError('conflict', `There are ${automationLimits.triggersMax} triggers already.`, {
    hint: 'Remove one that is not needed any more.',
  })
}

function context(name: string): string {
  return `trigger/${name}`
}

function unknown(name: string): AppError {
  return new AppError('not-found', `There is no trigger "${name}".`)
}

// Bodies are what this file has written, and nobody else.
function triggerOf({ name, version, body }: StoredRecord): StoredTrigger {
  const { sealed, ...rest } = JSON.parse(body) as Omit<StoredTrigger, 'name' | 'version'>
  const { secret: _, ...request } = triggerRequestSchema.parse(rest)
  return { ...request, name, version, sealed }
}
