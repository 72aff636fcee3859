/** Keeps the secrets of runs sealed until they have ended, so that who takes a run over goes on hiding them. */
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import type { RunId } from '../../shared/run.ts'
import { Secret } from '../../shared/secret.ts'
import type { Clock } from '../clock.ts'
import type { RecordStore } from '../store/record-store.ts'
import { RunSecrets, type SecretValues } from './run-secrets.ts'
import type { SecretBox } from './secret-box.ts'
import { SudoPassword } from './sudo-password.ts'

export interface KeptSecretsParts {
  readonly records: RecordStore
  readonly box: SecretBox
  readonly clock: Clock
}

export class KeptSecrets {
  readonly #parts: KeptSecretsParts

  constructor(parts: KeptSecretsParts) {
    this.#parts = parts
  }

  /** Rejects with `secret-key` where nothing can be sealed: then the run must not begin. */
  async keep(run: RunId, secrets: RunSecrets): Promise<void> {
    const { records, box, clock } = this.#parts
    const sealed = box.seal(new Secret(textOf(secrets.values)), contextOf(run))
    const body = JSON.stringify({ sealed, keptAt: clock.now() })
    await records.put({ kind: 'run-secrets', name: run, body })
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
    const { records, box } = this.#parts
    const record = await records.get('run-secrets', run)
    const sealed = record === undefined ? undefined : keptOf(record.body)?.sealed
    if (sealed === undefined) {
      throw new AppError('secret-unreadable', 'The secrets of the run are not kept any more.')
    }
    return this.#watched(run, new RunSecrets(valuesOf(box.open(sealed, contextOf(run)).reveal())))
  }

  /** The run has ended, or never began. */
  async forget(run: RunId): Promise<void> {
    await this.#parts.records.remove('run-secrets', run)
  }

  /** Removes what a process that died between a run's end and `forget` has left. */
  async sweep(isOver: (run: RunId) => Promise<boolean>): Promise<void> {
    const { records, clock } = this.#parts
    for (const { name, body, version } of await records.list('run-secrets')) {
      // They are kept before their run is: another process may be just about to store that.
      const age = clock.now() - (keptOf(body)?.keptAt ?? 0)
      if (age < limits.secretsSweepMs || !(await isOver(name))) continue
      await records.remove('run-secrets', name, version)
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

function keptOf(body: string): { readonly sealed: string; readonly keptAt: number } | undefined {
  const value: unknown = JSON.parse(body)
  if (typeof value !== 'object' || value === null) return undefined
  if (!('sealed' in value && 'keptAt' in value)) return undefined
  const { sealed, keptAt } = value
  if (typeof sealed !== 'string' || typeof keptAt !== 'number') return undefined
  return { sealed, keptAt }
}
