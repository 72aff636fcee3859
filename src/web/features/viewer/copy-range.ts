/** Copies lines of the log as they were written: those that the page does not hold are read. */
import type { LineFilter } from '../../../client/api.ts'
import type { WireLine } from '../../../shared/protocol/events.ts'
import type { AppModel } from '../../app/app-model.ts'
import { text } from '../../i18n/text.ts'
import type { RunModel } from '../runs/run-model.ts'
import { copyText } from './copy-lines.ts'
import type { LineRange } from './selected-range.ts'
import { columnsIn, copiedText, type TextSelection } from './text-selection.ts'

/** Lines that are copied at once; more are a file, not a paste. */
const copiedLinesMax = 50_000
/** And that are read at once, of those that the page does not hold. */
const readLines = 500

export interface Copied {
  readonly range: LineRange
  /** Of these lines only what is selected; null for all of them. */
  readonly selection: TextSelection | null
}

export async function copyRange(
  { api, say }: AppModel,
  model: RunModel,
  { range, selection }: Copied,
): Promise<void> {
  const t = text.value
  const count = range.to - range.from + 1
  if (count > copiedLinesMax) {
    say(t.rangeTooLong(count))
    return
  }
  const { fields } = model.lines.value
  const read = fields === undefined ? readRange : readMatching(fields)
  const parts = (await read(api, model, range))?.map((line) => partOf(line, selection))
  const isCopied = parts !== undefined && (await copyText(parts.join('\n')))
  say(isCopied ? t.linesCopied(parts.length) : t.copyFailed)
}

function partOf({ text: line, pos }: WireLine, selection: TextSelection | null): string {
  const columns = selection === null ? null : columnsIn(selection, pos)
  return columns === null ? line : copiedText(line, columns.from, columns.to)
}

/** These lines; null when one of them cannot be had. */
async function readRange(
  api: AppModel['api'],
  { id, window }: RunModel,
  { from, to }: LineRange,
): Promise<readonly WireLine[] | null> {
  const lines: WireLine[] = []
  for (let next = from; next <= to; ) {
    const line = window.at(next)
    if (line !== undefined) {
      lines.push(line)
      next++
      continue
    }
    const page = await api.lines(id, next, Math.min(readLines, to - next + 1)).catch(() => null)
    if (page === null || page.lines.length === 0) return null
    lines.push(...page.lines)
    next = page.next
  }
  return lines
}

/** Of these lines those that the log shows, which a filter has left; null when they cannot be had. */
function readMatching(fields: LineFilter): typeof readRange {
  return async (api, { id }, { from, to }) => {
    const lines: WireLine[] = []
    for (let next = from; next <= to; ) {
      const ask = { ...fields, from: next, to: String(to + 1), limit: readLines }
      const page = await api.matching(id, ask).catch(() => null)
      if (page === null || page.stopped !== undefined) return null
      if (page.lines.length === 0) break
      lines.push(...page.lines)
      next = page.next
    }
    return lines
  }
}
