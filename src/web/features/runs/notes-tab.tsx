/** The notes among the lines that this page has read; a click goes to the place in the log. */
import type { VNode } from 'preact'
import { displayText } from '../../../shared/display.ts'
import { clockTime } from '../../i18n/format.ts'
import { text } from '../../i18n/text.ts'
import { Icon } from '../../ui/icon.tsx'
import type { RunModel } from './run-model.ts'
import { noteIcon } from './tones.ts'

export function NotesTab({ model }: { readonly model: RunModel }): VNode {
  const t = text.value
  const notes = model.notes.value
  const hostOf = (id: number): string =>
    model.run.value?.tasks.find((task) => task.id === id)?.host ?? ''
  if (notes.length === 0) return <p class="inspector-empty">{t.noNotes}</p>
  return (
    <ul class="notes">
      {notes.map((note) => {
        const { icon, tone } = noteIcon(note.text)
        return (
          <li key={note.pos}>
            <button type="button" class="note-item" onClick={() => model.show(note.pos)}>
              <span class={`note-icon tone-${tone}`}>
                <Icon name={icon} />
              </span>
              <span>
                <b>{displayText(hostOf(note.task))}</b> {displayText(t.note(note.text))}
              </span>
              <time class="mono">{clockTime(note.time).slice(0, 8)}</time>
            </button>
          </li>
        )
      })}
    </ul>
  )
}
