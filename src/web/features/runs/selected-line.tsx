/** The selected line in full: as a tree when it is JSON, else as plain wrapped text. */
import type { VNode } from 'preact'
import { displayText, lastState } from '../../../shared/display.ts'
import { useApp } from '../../app/app-context.ts'
import { formatCount } from '../../i18n/format.ts'
import { text } from '../../i18n/text.ts'
import { Icon } from '../../ui/icon.tsx'
import { findCommands } from '../find/find-commands.ts'
import { copyLines } from '../viewer/copy-lines.ts'
import { logCommands } from '../viewer/log-commands.ts'
import { jsonTokens } from './json-tokens.ts'
import type { RunModel } from './run-model.ts'

const shownCharsMax = 16_384

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
  const shown = lastState(line.text).slice(0, shownCharsMax)
  const tokens = jsonTokens(shown)
  return (
    <section class="selected-line">
      <h2>
        {t.selectedLine}
        <span class="mono">
          {host} #{formatCount(pos)}
        </span>
      </h2>
      {line.file !== undefined && <p class="selected-file mono">{displayText(line.file)}</p>}
      <pre class="mono">
        {tokens === null
          ? displayText(shown)
          : tokens.map((token) => (
              <span key={token.at} class={`json-${token.kind}`}>
                {displayText(token.text).replaceAll('␊', '\n')}
              </span>
            ))}
      </pre>
      <p>
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
