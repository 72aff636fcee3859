/** What the hosts of a group have printed, with its colours, as text nodes and spans. */
import { useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { WireLine } from '../../../shared/protocol/events.ts'
import type { TaskGroup } from '../../../shared/protocol/groups.ts'
import { text } from '../../i18n/text.ts'
import { viewsText } from '../../i18n/views-text.ts'
import { fillSpans } from '../viewer/row-spans.ts'
import type { TaskTexts } from './task-texts.ts'
import { useLines, Waiting } from './use-lines.tsx'

/** Lines that are drawn until somebody asks for all: a pane is not the log. */
const linesShown = 300

export interface GroupOutputProps {
  readonly texts: TaskTexts
  readonly group: TaskGroup
}

export function GroupOutput({ texts, group }: GroupOutputProps): VNode {
  const t = text.value
  const views = viewsText.value
  const { lines, problem } = useLines(texts, group)
  const wantsAll = useSignal(false)
  const list = useRef<HTMLDivElement>(null)
  const shown = wantsAll.value ? lines : (lines?.slice(0, linesShown) ?? null)
  useEffect(() => {
    if (list.current !== null && shown !== null) fillLines(list.current, shown)
  })
  if (lines === null || shown === null) return <Waiting problem={problem} />
  if (lines.length === 0) return <p class="pane-note">{t.wroteNothing}</p>
  return (
    <>
      <div class="pane-lines" ref={list} role="list" dir="ltr" />
      {shown.length < lines.length && (
        <button
          type="button"
          class="button small pane-more"
          onClick={() => {
            wantsAll.value = true
          }}
        >
          {views.showAllLines(lines.length)}
        </button>
      )}
    </>
  )
}

/** Lines only ever come behind those that are there. */
function fillLines(list: HTMLElement, lines: readonly WireLine[]): void {
  for (const line of lines.slice(list.childElementCount)) {
    const row = document.createElement('div')
    row.setAttribute('role', 'listitem')
    row.className = line.channel === 'err' ? 'pane-line err' : 'pane-line'
    if (line.channel === 'err') {
      const channel = document.createElement('span')
      channel.className = 'hidden-visually'
      channel.textContent = `${text.value.stderr}: `
      row.append(channel)
    }
    const body = document.createElement('span')
    body.className = 'row-text'
    fillSpans(body, line.text)
    row.append(body)
    list.append(row)
  }
}
