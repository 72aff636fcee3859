/**
 * The HTML of a run's page with the run and its last lines in it. The page comes first, so that the
 * browser fetches its code while the store answers.
 */
import { Readable } from 'node:stream'
import type { Opening } from '../../shared/protocol/opening.ts'
import { openingId } from '../../shared/protocol/opening.ts'

/** The page is whole without an opening: null when there is none. */
export function htmlWithOpening(html: string, opening: Promise<Opening | null>): Readable {
  const at = html.lastIndexOf('</body>')
  const end = at < 0 ? html.length : at
  const pieces = async function* () {
    yield html.slice(0, end)
    yield elementOf(await opening) + html.slice(end)
  }
  return Readable.from(pieces(), { objectMode: false })
}

/** Data, never a script: the policy lets no inline script run, and nothing of a host can end the element. */
function elementOf(opening: Opening | null): string {
  if (opening === null) return ''
  const json = JSON.stringify(opening).replaceAll('<', String.raw`\u003c`)
  return `<script type="application/json" id="${openingId}">${json}</script>`
}
