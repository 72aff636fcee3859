/** The fields of the selected line: each can be copied, and lines with the same value be found. */
import { useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { displayText } from '../../../shared/display.ts'
import { useApp } from '../../app/app-context.ts'
import { text } from '../../i18n/text.ts'
import { Icon } from '../../ui/icon.tsx'
import { copyText } from '../viewer/copy-lines.ts'
import type { LineField } from './line-fields.ts'
import { withFilter } from './view-state.ts'

export function LineTree({ fields }: { readonly fields: readonly LineField[] }): VNode {
  const t = text.value
  const chosen = useSignal<string | null>(null)
  return (
    <ul class="line-tree mono" aria-label={t.fields}>
      {fields.map((field) => {
        const isChosen = chosen.value === field.path
        return (
          <li key={field.path} style={{ '--depth': String(Math.min(field.depth, depthShown)) }}>
            <button
              type="button"
              class="line-field"
              aria-expanded={isChosen}
              onClick={() => {
                chosen.value = isChosen ? null : field.path
              }}
            >
              <span class="json-key">{displayText(field.name)}</span>{' '}
              {field.kind !== 'branch' && (
                <span class={field.kind === 'text' ? 'json-text' : 'json-number'}>
                  {displayText(field.value.slice(0, valueCharsMax))}
                </span>
              )}
            </button>
            {isChosen && <FieldActions field={field} />}
          </li>
        )
      })}
    </ul>
  )
}

const depthShown = 12
/** The whole value is copied. */
const valueCharsMax = 2_000

function FieldActions({ field }: { readonly field: LineField }): VNode {
  const { say, view } = useApp()
  const t = text.value
  const copy = async (content: string): Promise<void> => {
    say((await copyText(content)) ? t.copied : t.copyFailed)
  }
  const { found } = field
  return (
    <span class="field-actions">
      <button type="button" class="button small" onClick={() => void copy(field.path)}>
        <Icon name="copy" />
        {t.copyPath}
      </button>
      <button type="button" class="button small" onClick={() => void copy(field.value)}>
        <Icon name="copy" />
        {t.copyValue}
      </button>
      {found !== null && (
        <button
          type="button"
          class="button small"
          onClick={() => {
            const term = {
              text: found,
              isRegex: false,
              caseRule: 'sensitive',
              isInverse: false,
            } as const
            view.change((state) => withFilter(state, { kind: 'text', term }))
          }}
        >
          <Icon name="search" />
          {t.onlyThisValue}
        </button>
      )}
    </span>
  )
}
