/** Copies what is selected in the log. What reads it is loaded when somebody copies. */
import type { AppModel } from '../../app/app-model.ts'
import type { RunModel } from '../runs/run-model.ts'
import type { Copied } from './copy-range.ts'
import { selectedRange } from './selected-range.ts'

/** Whole lines: those that the line cursor has selected. */
export async function copyLines(app: AppModel): Promise<void> {
  const model = app.current.value
  const range = model === null ? null : selectedRange(model)
  if (model !== null && range !== null) await copy(app, model, { range, selection: null })
}

/** On the browser's own copy key: the selected text, else the selected lines; else the browser's own. */
export function copySelection(app: AppModel, event: ClipboardEvent): void {
  const model = app.current.value
  if (model === null || isElsewhere(event)) return
  const selection = model.text.value
  const ends = selection === null ? [] : [selection.anchor.pos, selection.focus.pos]
  const range =
    selection === null ? selectedRange(model) : { from: Math.min(...ends), to: Math.max(...ends) }
  if (range === null) return
  event.preventDefault()
  void copy(app, model, { range, selection })
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

async function copy(app: AppModel, model: RunModel, copied: Copied): Promise<void> {
  const { copyRange } = await import('./copy-range.ts')
  await copyRange(app, model, copied)
}

/** A field, or text that the browser itself has selected. */
function isElsewhere({ target }: ClipboardEvent): boolean {
  const isField = target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
  return isField || getSelection()?.isCollapsed === false
}
