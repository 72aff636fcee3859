/** What the keyboard and the toolbar can ask of the log in view. */

import { toAppError } from '../../../shared/errors.ts'
import type { AppModel } from '../../app/app-model.ts'
import { text } from '../../i18n/text.ts'
import type { RunModel } from '../runs/run-model.ts'
import { copyText } from './copy-lines.ts'
import type { LogView } from './log-view.ts'
import { type LineRange, selectedRange } from './selected-range.ts'

let view: LogView | null = null

/** The log registers its view while it is on screen. */
export function setLogView(next: LogView | null): void {
  view = next
}

export const logCommands = {
  toggleFollow(model: RunModel | null): void {
    if (model === null) return
    if (model.follow.value) model.follow.value = false
    else model.jumpToLatest()
  },
  end(model: RunModel | null): void {
    if (view === null) model?.jumpToLatest()
    else view.toEnd()
  },
  start(model: RunModel | null): void {
    if (model !== null) view?.toStart()
  },
  /** Reads on from the first line that came since the reader paused. */
  continueHere(model: RunModel): void {
    const pos = model.readOn()
    if (pos !== null) view?.toTop(pos)
  },
  /** Puts a line at the upper edge. */
  goTo(pos: number): void {
    view?.toTop(pos)
  },
  page(direction: 1 | -1): void {
    view?.page(direction)
  },
  move(model: RunModel | null, step: 1 | -1): void {
    if (model === null) return
    model.anchor.value = null
    moveCursor(model, step)
  },
  /** The same, and what lies between is selected. */
  extend(model: RunModel | null, step: 1 | -1): void {
    if (model === null) return
    model.anchor.value ??= model.selected.value
    moveCursor(model, step)
  },
  /** Whether the line cursor is at frames that can be opened, or folded. */
  canFold(model: RunModel | null, isOpen: boolean): boolean {
    const cursor = model?.selected.value ?? null
    return cursor !== null && view?.canFold(cursor, isOpen) === true
  },
  /** Opens the frames at the line cursor, or folds them and leaves it at the line above them. */
  fold(model: RunModel | null, isOpen: boolean): void {
    const cursor = model?.selected.value ?? null
    const head = cursor === null ? null : (view?.fold(cursor, isOpen) ?? null)
    if (model === null || head === null || isOpen) return
    model.anchor.value = null
    model.selected.value = head
  },
  /** Copies the address of the selected lines, or of the run. */
  async copyLink({ current, router, say }: AppModel): Promise<void> {
    const model = current.value
    if (model === null) return
    const range = selectedRange(model)
    const fragment = fragmentOf(range)
    if (range !== null) router.mark(fragment)
    const t = text.value
    const isCopied = await copyText(`${location.origin}/runs/${model.id}${fragment}`)
    if (!isCopied) say(t.copyFailed)
    else if (range === null) say(t.linkCopied)
    else if (range.from === range.to) say(t.lineLinkCopied(range.from))
    else say(t.rangeLinkCopied(range.from, range.to))
  },
  /** Marks the line of the cursor for everybody, or takes its mark back. */
  async toggleMark({ current, say }: AppModel): Promise<void> {
    const pos = current.value?.selected.value ?? null
    if (current.value === null || pos === null) return
    try {
      await current.value.marks.toggle(pos)
    } catch (thrown) {
      say(toAppError(thrown))
    }
  },
  nextMark(model: RunModel | null): void {
    const pos = model?.marks.after(model.selected.value) ?? null
    if (pos !== null) model?.select({ line: pos, until: null })
  },
  clearText(): void {
    view?.clearText()
  },
} as const

function moveCursor(model: RunModel, step: 1 | -1): void {
  const next = view?.neighbour(model.selected.value, step) ?? null
  if (next === null) return
  if (step < 0) model.follow.value = false
  model.selected.value = next
}

function fragmentOf(range: LineRange | null): string {
  if (range === null) return ''
  return range.from === range.to ? `#L${range.from}` : `#L${range.from}-L${range.to}`
}
