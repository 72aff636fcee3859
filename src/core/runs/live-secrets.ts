/** Secrets of runs that another process has begun, or that have ended. */
import { AppError, toAppError } from '../../shared/errors.ts'
import type { Run } from '../../shared/run.ts'
import type { RunSecrets } from '../secrets/run-secrets.ts'
import { hasSecrets } from './create-run.ts'
import type { RunServiceParts } from './run-service-parts.ts'

export interface OpenedSecrets {
  readonly secrets?: RunSecrets
  /** Why its output must not be read without them. */
  readonly refusal?: AppError
}

/** Of a run that was taken over. Rejects when the store does not answer: then it is taken over later. */
export async function openSecrets(
  run: Run,
  { kept }: Pick<RunServiceParts, 'kept'>,
): Promise<OpenedSecrets> {
  if (!hasSecrets(run)) return {}
  try {
    if (kept === undefined) throw new AppError('secret-key', 'Nothing here can open secrets.')
    return { secrets: await kept.open(run.id) }
  } catch (thrown) {
    const error = toAppError(thrown)
    if (error.code !== 'secret-key' && error.code !== 'secret-unreadable') throw thrown
    return { refusal: notReadOn(error) }
  }
}

/** It has ended. What the store does not remove now goes with `sweepSecrets`. */
export async function forgetSecrets(
  run: Run,
  { kept }: Pick<RunServiceParts, 'kept'>,
): Promise<void> {
  if (hasSecrets(run)) await kept?.forget(run.id).catch(() => undefined)
}

/** Removes what dead processes have left. Never rejects. */
export async function sweepSecrets({
  kept,
  catalog,
}: Pick<RunServiceParts, 'kept' | 'catalog'>): Promise<void> {
  const isOver = async (id: string) => ((await catalog.get(id))?.state ?? 'ended') === 'ended'
  await kept?.sweep(isOver).catch(() => undefined)
}

/** It could show them in clear to everybody. */
function notReadOn({ code, message }: AppError): AppError {
  return new AppError(
    code,
    `${message} Its output may hold them, so it is not read on. What has been started goes on on the host.`,
    {
      hint: 'Give each node the same key file (--secret-key-file). The rest of the output lies on the host, below ~/.local/state/farglass/runs.',
    },
  )
}
