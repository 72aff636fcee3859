/** What the store holds of a run, read through the API: as lines by position, and as exact bytes. */
import type { HttpApi } from '../../src/client/http-api.ts'
import { limits } from '../../src/shared/limits.ts'
import type { RunId } from '../../src/shared/run.ts'
import {
  faultsOf,
  type History,
  type SeenLine,
  sha256Of,
  type WrittenTruth,
} from './history-checker.ts'

/** All lines of a run, page by page. */
export async function storedHistory(api: HttpApi, run: RunId): Promise<History> {
  const lines: SeenLine[] = []
  for (let from = 0; ; ) {
    const page = await api.lines(run, from, limits.pageLinesMax)
    if (page.lines.length === 0) return { who: 'the store', lines }
    for (const { pos, task, channel, text, end } of page.lines) {
      lines.push({ pos, task, channel, text, ...(end === undefined ? {} : { end }) })
    }
    from = page.next
  }
}

/** The faults of the store against the truth, of its lines and of its export. */
export async function storeFaults(
  api: HttpApi,
  run: RunId,
  truth: WrittenTruth,
): Promise<string[]> {
  const faults = faultsOf(await storedHistory(api, run), truth)
  for (const channel of ['out', 'err'] as const) {
    const answer = await api.request(`/api/v1/runs/${run}/raw?task=0&channel=${channel}`)
    const exported = new Uint8Array(await answer.arrayBuffer())
    if (sha256Of(exported) === sha256Of(truth[channel])) continue
    faults.push(`the export of ${channel} has ${exported.length} bytes of ${truth[channel].length}`)
  }
  return faults
}
