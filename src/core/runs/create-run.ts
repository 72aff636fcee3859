/** Stores a new run, with its secrets before it: nobody can carry it who could not hide them. */
import { AppError } from '../../shared/errors.ts'
import type { Run } from '../../shared/run.ts'
import {
  secretNameComplaint,
  secretsComplaint,
  secretValueComplaint,
} from '../../shared/run-secrets.ts'
import { noInventory } from '../inventory/inventory.ts'
import { RunSecrets } from '../secrets/run-secrets.ts'
import { SudoPassword } from '../secrets/sudo-password.ts'
import type { CreateResult } from '../store/run-catalog.ts'
import { checkRequest, newRun, originOf } from './new-run.ts'
import { hostsOfTarget } from './run-hosts.ts'
import type { StartRun } from './run-service.ts'
import type { RunServiceParts } from './run-service-parts.ts'

/** A run that is to be carried now. */
export interface NewlyCreated {
  readonly kind: 'created'
  readonly run: Run
  readonly secrets?: RunSecrets
}

type CreateParts = Pick<
  RunServiceParts,
  'catalog' | 'clock' | 'inventory' | 'newRunId' | 'nodes' | 'random' | 'kept'
>

type CreatedRun = NewlyCreated | Extract<CreateResult, { readonly kind: 'existing' }>

/** Rejects as `RunService.start`. */
export async function createRun(start: StartRun, parts: CreateParts): Promise<CreatedRun> {
  const { request, key } = start
  checkRequest(start)
  const secrets = secretsOf(start)
  const { catalog, clock, inventory = noInventory, newRunId, nodes, random, kept } = parts
  const hosts = await hostsOfTarget(request.target, inventory)
  const begun = newRun(request, hosts, { id: newRunId(), now: clock.now(), random, secrets })
  const run = { ...begun, ...originOf(start) }
  const create = async () => withoutConflict(await catalog.create(run, nodes.own, key))
  if (secrets === undefined) return create()
  if (kept === undefined) throw new AppError('secret-key', 'Nothing here can keep secrets.')
  await kept.keep(run.id, secrets)
  try {
    const made = await create()
    if (made.kind === 'created') return { ...made, secrets }
    await kept.forget(run.id)
    return made
  } catch (thrown) {
    await kept.forget(run.id).catch(() => undefined)
    throw thrown
  }
}

function withoutConflict(made: CreateResult): Exclude<CreateResult, { readonly kind: 'conflict' }> {
  if (made.kind !== 'conflict') return made
  throw new AppError(
    'idempotency-conflict',
    'This Idempotency-Key was used before, for a different request.',
  )
}

/** Whether its output may be read only by who knows its secrets. */
export function hasSecrets({ secretNames = [], sudo = false }: Run): boolean {
  return secretNames.length > 0 || sudo
}

function secretsOf({ request, secrets = new Map() }: StartRun): RunSecrets | undefined {
  const isSudo = request.sudo === true
  if (secrets.size === 0 && !isSudo) return undefined
  const complain = (subject: string, complaint: string | undefined) => {
    if (complaint !== undefined) throw new AppError('bad-secret', `${subject} ${complaint}.`)
  }
  if (request.source.kind !== 'command') {
    complain('Secrets and sudo', 'are for a command; what is followed has none')
  }
  for (const [name, secret] of secrets) {
    complain(`The name ${JSON.stringify(name)} of a secret`, secretNameComplaint(name))
    complain(`The secret ${name}`, secretValueComplaint(secret.reveal()))
  }
  complain('The secrets', secretsComplaint([...secrets.values()].map((secret) => secret.reveal())))
  const sudo = isSudo ? { sudo: new SudoPassword(null) } : {}
  return new RunSecrets({ variables: secrets, ...sudo })
}
