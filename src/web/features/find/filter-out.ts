/** Hides the lines that hold the selected text. */
import type { AppModel } from '../../app/app-model.ts'
import { text } from '../../i18n/text.ts'
import { withFilter } from '../runs/view-state.ts'
import { copiedText, orderedEnds } from '../viewer/text-selection.ts'

const selectedCharsMax = 200

export function filterOut({ view, current, say }: AppModel): void {
  const selected = selectedText(current.peek())
  const t = text.peek()
  if (selected === '') {
    say(t.selectTextFirst)
    return
  }
  const term = {
    text: selected,
    isRegex: false,
    caseRule: 'sensitive' as const,
    isInverse: true,
  }
  view.change((state) => withFilter(state, { kind: 'text', term }))
  say(t.filteredOut(selected))
}

/** What is selected within one line, as it is shown. */
function selectedText(model: AppModel['current']['value']): string {
  const selection = model?.text.peek() ?? null
  if (model === null || selection === null) return ''
  const [start, end] = orderedEnds(selection)
  const line = model.lineAt(start.pos)
  if (line === undefined) return ''
  const to = end.pos === start.pos ? end.column : null
  return copiedText(line.text, start.column, to).trim().slice(0, selectedCharsMax)
}
