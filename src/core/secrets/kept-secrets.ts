/** Keeps the secrets of runs sealed until they have ended, so that who takes a run over goes on hiding them. */
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import type { RunId } from '../../shared/run.ts'
import { Secret } from '../../shared/secret.ts'
import type { Clock } from '../clock.ts'
import type { RecordStore } from '../store/record-store.ts'
import { type RecordType, TypedRecords } from '../store/typed-records.ts'
import { RunSecrets, type SecretValues } from './run-secrets.ts'
import { type SealedKind, sealedKind } from './sealed-kind.ts'
import type { SecretBox } from './secret-box.ts'
import { SudoPassword } from './sudo-password.ts'

export interface KeptSecretsParts {
  readonly records: RecordStore
  readonly box: SecretBox
  readonly clock: Clock
}

export class KeptSecrets {
  readonly #parts: Omit<KeptSecretsParts, 'records'>
  readonly #stored: TypedRecords<SealedSecrets>

  constructor({ records, ...parts }: KeptSecretsParts) {
    this.#parts = parts
    this.#stored = new TypedRecords(records, secretsType)
  }

  /** Rejects with `secret-key` where nothing can be sealed: then the run must not begin. */
  async keep(run: RunId, secrets: RunSecrets): Promise<void> {
    const { box, clock } = this.#parts
    const sealed = box.seal(new Secret(textOf(secrets.values)), contextOf(run))
    await this.#stored.put(run, { sealed, keptAt: clock.now() })
    this.#watched(run, secrets)
  }

  /** A password that is given later is kept before anything of it can be printed. */
  #watched(run: RunId, secrets: RunSecrets): RunSecrets {
    const { sudo } = secrets.values
    if (sudo !== undefined) sudo.onGiven = () => this.keep(run, secrets)
    return secrets
  }

  /** Rejects with `secret-unreadable` or `secret-key` when they cannot be had here. */
  async open(run: RunId): Promise<RunSecrets> {
    const { value } = await this.#stored.state(run)
    if (value === undefined) {
      throw new AppError('secret-unreadable', 'The secrets of the run are not kept any more.')
    }
    const text = this.#parts.box.open(value.sealed, contextOf(run)).reveal()
    return this.#watched(run, new RunSecrets(valuesOf(text)))
  }

  /** The run has ended, or never began. */
  async forget(run: RunId): Promise<void> {
    await this.#stored.remove(run)
  }

  /** Removes what a process that died between a run's end and `forget` has left. */
  async sweep(isOver: (run: RunId) => Promise<boolean>): Promise<void> {
    const { items, unreadable } = await this.#stored.list()
    // They are kept before their run is: another process may be just about to store that.
    const before = this.#parts.clock.now() - limits.secretsSweepMs
    const old = items.filter(({ value }) => value.keptAt <= before)
    const lost = unreadable.map(({ name }) => ({ name, version: undefined }))
    for (const { name, version } of [...old, ...lost]) {
      if (await isOver(name)) await this.#stored.remove(name, version)
    }
  }
}

function contextOf(run: RunId): string {
  return `run-secrets/${run}`
}

function textOf({ variables, sudo }: SecretValues): string {
  const pairs = [...variables].map(([name, secret]) => [name, secret.reveal()] as const)
  const kept: KeptValues = {
    variables: pairs,
    ...(sudo === undefined ? {} : { sudo: sudo.password?.reveal() ?? null }),
  }
  return JSON.stringify(kept)
}

interface KeptValues {
  readonly variables: readonly (readonly [name: string, value: string])[]
  /** The password of a run by sudo, once it is known. */
  readonly sudo?: string | null
}

/** The text was sealed by `textOf`, and nobody else can have made it. */
function valuesOf(text: string): SecretValues {
  const { variables, sudo } = JSON.parse(text) as KeptValues
  const password = typeof sudo === 'string' ? new Secret(sudo) : null
  return {
    variables: new Map(variables.map(([name, value]) => [name, new Secret(value)])),
    ...(sudo === undefined ? {} : { sudo: new SudoPassword(password) }),
  }
}

interface SealedSecrets {
  readonly sealed: string
  readonly keptAt: number
}

/** By the id of the run. */
const secretsType: RecordType<SealedSecrets> = {
  kind: 'run-secrets',
  noun: 'secrets of the run',
  schema: async () => (await import('../../shared/stored/secret-records.ts')).sealedSecretsSchema,
}

/** Of runs that have not ended. */
export const sealedRunSecrets: SealedKind = sealedKind(secretsType, (run, kept, seal) => ({
  ...kept,
  sealed: seal(kept.sealed, contextOf(run)),
}))
