/** Copies what is selected in the log as it was written: lines that the page does not hold are read. */
import type { LineFilter } from '../../../client/api.ts'
import type { WireLine } from '../../../shared/protocol/events.ts'
import type { AppModel } from '../../app/app-model.ts'
import { text } from '../../i18n/text.ts'
import type { RunModel } from '../runs/run-model.ts'
import { type LineRange, selectedRange } from './selected-range.ts'
import { columnsIn, copiedText, orderedEnds } from './text-selection.ts'

/** Lines that are copied at once; more are a file, not a paste. */
const copiedLinesMax = 50_000
/** And that are read at once, of those that the page does not hold. */
const readLines = 500

/** Whole lines: those that the line cursor has selected. */
export async function copyLines(app: AppModel): Promise<void> {
  const model = app.current.value
  const range = model === null ? null : selectedRange(model)
  if (model !== null && range !== null) await copyRange(app, model, { range, partOf: whole })
}

/** On the browser's own copy key: the selected text, else the selected lines; else the browser's own. */
export function copySelection(app: AppModel, event: ClipboardEvent): void {
  const model = app.current.value
  if (model === null || isElsewhere(event)) return
  const selection = model.text.value
  const [start, end] = selection === null ? [] : orderedEnds(selection)
  const range =
    start === undefined || end === undefined
      ? selectedRange(model)
      : { from: start.pos, to: end.pos }
  if (range === null) return
  event.preventDefault()
  const partOf = (line: string, pos: number): string => {
    const columns = selection === null ? null : columnsIn(selection, pos)
    return columns === null ? line : copiedText(line, columns.from, columns.to)
  }
  void copyRange(app, model, { range, partOf })
}

/** False where the browser refuses, on plain http to another machine for instance. */
export async function copyText(content: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(content)
    return true
  } catch {
    return false
  }
}

const whole = (line: string): string => line

/** A field, or text that the browser itself has selected. */
function isElsewhere({ target }: ClipboardEvent): boolean {
  const isField = target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
  return isField || getSelection()?.isCollapsed === false
}

interface Copied {
  readonly range: LineRange
  /** What of a line is copied. */
  readonly partOf: (line: string, pos: number) => string
}

async function copyRange(
  { api, say }: AppModel,
  model: RunModel,
  { range, partOf }: Copied,
): Promise<void> {
  const t = text.value
  const count = range.to - range.from + 1
  if (count > copiedLinesMax) {
    say(t.rangeTooLong(count))
    return
  }
  const { fields } = model.lines.value
  const read = fields === undefined ? readRange : readMatching(fields)
  const parts = (await read(api, model, range))?.map(({ text: line, pos }) => partOf(line, pos))
  const isCopied = parts !== undefined && (await copyText(parts.join('\n')))
  say(isCopied ? t.linesCopied(parts.length) : t.copyFailed)
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
