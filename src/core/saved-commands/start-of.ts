/** What the run service is given for a request, whether it has a source of its own or names a saved command. */
import type { SavedRunRequest, StartRequest } from '../../shared/protocol/start-run.ts'
import type { SavedUse } from '../../shared/run.ts'
import type { StartRun } from '../runs/run-service.ts'
import type { SavedCommands } from './saved-commands.ts'

export interface Asked {
  readonly start: StartRun
  /** The request without its secrets: what an idempotency key stands for. */
  readonly asked: StartRequest
}

/** Rejects as `SavedCommands.prepare`. */
export async function startOf(
  request: StartRequest,
  commands: Pick<SavedCommands, 'prepare'>,
): Promise<Asked> {
  if (!('saved' in request)) return { start: { request }, asked: request }
  const start = await commands.prepare(request)
  return { start, asked: withoutSecrets(request, start.saved) }
}

function withoutSecrets(request: SavedRunRequest, used: SavedUse | undefined): SavedRunRequest {
  const given = Object.entries(request.saved.parameters ?? {})
  const open = given.filter(([name]) => used?.parameters[name] !== null)
  return { ...request, saved: { ...request.saved, parameters: Object.fromEntries(open) } }
}
