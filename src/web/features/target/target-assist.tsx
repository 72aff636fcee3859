/** Beside the target field: how many hosts it names, and while somebody types which, and what can stand there. */
import type { VNode } from 'preact'
import { useEffect } from 'preact/hooks'
import { displayText } from '../../../shared/display.ts'
import { useApp } from '../../app/app-context.ts'
import { formatCount } from '../../i18n/format.ts'
import { refusalText } from '../../i18n/refusal-words.ts'
import { targetText } from '../../i18n/target-text.ts'
import { ComboList } from '../../ui/combo-list.tsx'
import { fillIn, useCombobox, useComboKeys } from '../../ui/combobox.ts'
import { Icon } from '../../ui/icon.tsx'
import { Said } from '../../ui/said.tsx'
import { type TargetOption, targetOptions } from './complete-target.ts'
import { targetPreview, watchTarget } from './target-preview.ts'
import './target.css'

const listId = 'target-options'

/** `field` is the input, which is there before this is loaded. */
export function TargetAssist({ field }: { readonly field: HTMLInputElement }): VNode {
  const { api, draft, hostList, loadHosts } = useApp()
  const g = targetText.value
  const combobox = useCombobox(field, listId)
  const { caret, chosen } = combobox
  const typed = draft.target.value
  useEffect(() => watchTarget(api, typed), [api, typed])
  useEffect(() => {
    loadHosts().catch(() => {})
  }, [loadHosts])
  const word =
    caret.value === null ? null : targetOptions(typed, caret.value, hostList.value?.hosts ?? [])
  const options = word?.options ?? []
  const take = (at: number): void => {
    const option = options[at]
    if (option !== undefined && word !== null) fillIn(field, option.text, word)
  }
  useComboKeys(field, combobox, { listId, count: options.length, onTake: take })
  const preview = targetPreview.value
  const isKnown = preview !== null && preview.expression === typed.trim()
  return (
    <>
      {isKnown && preview.count > 1 && (
        <span class="target-count" title={displayText(preview.folded)}>
          {formatCount(preview.count)}
          <span class="hidden-visually"> {g.hosts(preview.count).replace(/^[\d,]+ ?/, '')}</span>
        </span>
      )}
      {isKnown && preview.complaint !== undefined && (
        <span
          class="target-count tone-warn"
          title={refusalText({ ...preview.complaint, code: 'bad-target' })}
        >
          <Icon name="warn" />
        </span>
      )}
      {word !== null && (
        <div class="combo-pop">
          <Summary />
          <ComboList
            id={listId}
            label={g.options}
            options={options.map(shown)}
            chosen={chosen.value}
            onTake={take}
          />
        </div>
      )}
    </>
  )
}

function shown({ kind, text, hosts }: TargetOption): {
  readonly text: string
  readonly more: string
} {
  const word = targetText.value.kinds[kind]
  return {
    text: displayText(text),
    more: kind === 'host' ? word : `${word} · ${formatCount(hosts)}`,
  }
}

/** Which hosts are named, or why none are. */
function Summary(): VNode {
  const { draft } = useApp()
  const g = targetText.value
  const preview = targetPreview.value
  if (draft.target.value.trim() === '' || preview === null) {
    return <p class="combo-note">{g.help}</p>
  }
  const { complaint, count, folded } = preview
  if (complaint !== undefined) {
    return (
      <p class="combo-note tone-warn" role="status">
        <Said of={{ ...complaint, code: 'bad-target' }} />
      </p>
    )
  }
  return (
    <p class="combo-note" role="status">
      <b>{g.hosts(count)}</b> <span class="target-folded">{displayText(folded)}</span>
    </p>
  )
}
