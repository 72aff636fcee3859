/** The selected line in full: as a tree when it is JSON, else as plain wrapped text. */
import type { VNode } from 'preact'
import { displayText, visibleText } from '../../../shared/display.ts'
import { levelOf } from '../../../shared/line-level.ts'
import type { WireLine } from '../../../shared/protocol/events.ts'
import { useApp } from '../../app/app-context.ts'
import { findText } from '../../i18n/find-text.ts'
import { clockTime, formatBytes, formatCount } from '../../i18n/format.ts'
import { text } from '../../i18n/text.ts'
import { Icon } from '../../ui/icon.tsx'
import { findCommands } from '../find/find-commands.ts'
import { copyLines } from '../viewer/copy-lines.ts'
import { logCommands } from '../viewer/log-commands.ts'
import { drawnCharsMax } from '../viewer/row-cells.ts'
import { lineFields } from './line-fields.ts'
import { LineTree } from './line-tree.tsx'
import type { RunModel } from './run-model.ts'

export function SelectedLine({ model }: { readonly model: RunModel }): VNode | null {
  const app = useApp()
  void [model.version.value, model.fetched.value]
  const pos = model.selected.value
  if (pos === null) return null
  const t = text.value
  const count = Math.abs((model.anchor.value ?? pos) - pos) + 1
  const line = model.lineAt(pos)
  if (line === undefined) return null
  const host = model.run.value?.tasks.find(({ id }) => id === line.task)?.host ?? ''
  return (
    <section class="selected-line">
      <h2>
        {t.selectedLine}
        <span class="mono">
          {host} #{formatCount(pos)}
        </span>
      </h2>
      <p class="selected-time">
        <time datetime={line.time} title={line.time}>
          {exactTime(line.time, t.code)}
        </time>
        {' · '}
        {findText.value.channelNames[line.channel]}
      </p>
      {line.file !== undefined && <p class="selected-file mono">{displayText(line.file)}</p>}
      <Content line={line} />
      <p>
        {line.text.length > drawnCharsMax && (
          <button
            type="button"
            class="button small"
            onClick={() => {
              app.panel.value = 'line'
            }}
          >
            {t.showAll(formatBytes(line.bytes ?? line.text.length))}
          </button>
        )}
        {model.lines.value !== model.whole && (
          <button
            type="button"
            class="button small"
            onClick={() => findCommands.showInContext(app)}
          >
            <Icon name="goTo" />
            {t.showInContext}
          </button>
        )}
        <button type="button" class="button small" onClick={() => void logCommands.copyLink(app)}>
          <Icon name="link" />
          {t.copyLink(count)}
        </button>
        <button type="button" class="button small" onClick={() => void logCommands.toggleMark(app)}>
          <Icon name="mark" />
          {model.marks.has(pos) ? t.unmarkLine : t.markLine}
        </button>
        <button type="button" class="button small" onClick={() => void copyLines(app)}>
          <Icon name="copy" />
          {t.copyLines(count)}
        </button>
      </p>
    </section>
  )
}

/** With its day, which the log tells only where it changes, and its milliseconds. */
function exactTime(iso: string, locale: string): string {
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(Date.parse(iso))
  return `${day}, ${clockTime(iso)}`
}

/** What the line says: its level, and its fields when it has any. */
function Content({ line }: { readonly line: WireLine }): VNode {
  const t = text.value
  const shown = visibleText(line.text)
  const isNote = line.channel === 'note'
  const fields = isNote ? null : lineFields(shown)
  const level = isNote ? null : levelOf(shown)
  return (
    <>
      {level !== null && (
        <p class="selected-level">
          <b>{findText.value.levelNames[level.level]}</b> {t.levelSource[level.confidence]}
        </p>
      )}
      {fields === null ? (
        <pre class="mono">{displayText(shown.slice(0, drawnCharsMax))}</pre>
      ) : (
        <LineTree fields={fields} />
      )}
    </>
  )
}
