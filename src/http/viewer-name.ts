/** The name that somebody gives with a request, for those who read the same run. */
import type { IncomingHttpHeaders } from 'node:http'
import type { RunService } from '../core/runs/run-service.ts'
import { viewerNameHeader } from '../shared/protocol/session.ts'
import type { RunId } from '../shared/run.ts'
import { asViewerName } from '../shared/viewer-name.ts'

/** Null without one that can be shown: nobody is refused for a name. */
export function viewerName(headers: IncomingHttpHeaders): string | null {
  const given = headers[viewerNameHeader]
  if (typeof given !== 'string') return null
  try {
    return asViewerName(decodeURIComponent(given))
  } catch {
    return null
  }
}

/** For a stream: tells those who read its runs of the name. */
export function nameIn(
  headers: IncomingHttpHeaders,
  service: Pick<RunService, 'name'>,
): { readonly name?: (run: RunId) => () => void } {
  const given = viewerName(headers)
  return given === null ? {} : { name: (run) => service.name(run, given) }
}
