/** Stops and answers of viewers reach the node that carries the run: asked of it here, carried out there. */
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import type { NodeRequest } from '../nodes/nodes.ts'
import type { RunController } from './run-controller.ts'
import type { RunServiceParts } from './run-service-parts.ts'

/** Nothing when the run has ended meanwhile. */
export async function askOwner(
  request: NodeRequest,
  { catalog, nodes }: Pick<RunServiceParts, 'catalog' | 'nodes'>,
): Promise<void> {
  const owned = (await catalog.unfinished()).find(({ id }) => id === request.run)
  if (owned !== undefined) await nodes.ask(owned.owner, request)
}

/** What another node was asked for by its viewers. */
export function carryOut(request: NodeRequest, live: RunController | undefined): void {
  if (live === undefined) {
    throw new AppError('conflict', `Run ${request.run} is not carried here any more.`)
  }
  if (request.kind === 'stop') live.stop(limits.stopGraceMs)
  else live.answer(request.task, request.answer)
}
