/** The notes among the lines that this page has read; a click goes to the place in the log. */
import type { VNode } from 'preact'
import { displayText, lastState } from '../../../shared/display.ts'
import { clockTime } from '../../i18n/format.ts'
import { pageTexts } from '../../i18n/page-texts.ts'
import { text } from '../../i18n/text.ts'
import { Icon } from '../../ui/icon.tsx'
import type { RunModel } from './run-model.ts'
import { noteIcon } from './tones.ts'

const shownCharsMax = 200

export function NotesTab({ model }: { readonly model: RunModel }): VNode {
  const t = text.value
  const p = pageTexts.value
  const notes = model.notes.value
  const hostOf = (id: number): string =>
    model.run.value?.tasks.find((task) => task.id === id)?.host ?? ''
  return (
    <>
      <MarkList model={model} />
      {notes.length === 0 && <p class="inspector-empty">{p.noNotes}</p>}
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
    </>
  )
}

/** The lines that somebody has marked, each with its text when that is here. */
function MarkList({ model }: { readonly model: RunModel }): VNode | null {
  void [model.version.value, model.fetched.value]
  const t = text.value
  const p = pageTexts.value
  const marks = model.marks.all.value
  if (marks.length === 0) return null
  return (
    <section class="mark-list">
      <h2>{t.markedLines}</h2>
      <ul class="notes">
        {marks.map(({ pos, time, by }) => (
          <li key={pos}>
            <button
              type="button"
              class="note-item"
              onClick={() => model.select({ line: pos, until: null })}
            >
              <span class="note-icon">
                <Icon name="mark" />
              </span>
              <span class="mark-text">
                <b>{t.lineNumber(pos)}</b>{' '}
                {by !== undefined && <span class="mark-by">{p.markedBy(by)} </span>}
                {displayText(lastState(model.window.at(pos)?.text ?? '').slice(0, shownCharsMax))}
              </span>
              <time class="mono">{clockTime(time).slice(0, 8)}</time>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
