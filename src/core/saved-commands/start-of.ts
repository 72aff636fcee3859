/** What the run service is given for a request, whether it has a source of its own or names a saved command. */
import type { SavedRunRequest, StartRequest } from '../../shared/protocol/start-run.ts'
import type { SavedUse } from '../../shared/run.ts'
import type { StartRun } from '../runs/run-service.ts'
import { splitSecrets } from '../secrets/split-secrets.ts'
import type { SavedCommands } from './saved-commands.ts'

export interface Asked {
  readonly start: StartRun
  /** The request without its secrets and its confirmation: what an idempotency key stands for. */
  readonly asked: unknown
}

/** Rejects as `SavedCommands.prepare`. */
export async function startOf(
  request: StartRequest,
  commands: Pick<SavedCommands, 'prepare'>,
): Promise<Asked> {
  if (!('saved' in request)) {
    const { asked, ...start } = splitSecrets(request)
    return { start, asked: withoutConfirm(asked) }
  }
  const { request: rest, asked, secrets = [] } = splitSecrets(request)
  const start = await commands.prepare(rest)
  const all = new Map([...secrets, ...(start.secrets ?? [])])
  return {
    start: all.size === 0 ? start : { ...start, secrets: all },
    asked: withoutSecrets(withoutConfirm(asked), start.saved),
  }
}

function withoutConfirm<Request extends { readonly confirm?: boolean | undefined }>(
  request: Request,
): Omit<Request, 'confirm'> {
  const { confirm: _, ...rest } = request
  return rest
}

function withoutSecrets<Request extends Pick<SavedRunRequest, 'saved'>>(
  request: Request,
  used: SavedUse | undefined,
): Request {
  const given = Object.entries(request.saved.parameters ?? {})
  const open = given.filter(([name]) => used?.parameters[name] !== null)
  return { ...request, saved: { ...request.saved, parameters: Object.fromEntries(open) } }
}
