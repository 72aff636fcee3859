/** Below the field of a followed source: the paths, units or containers that a host of the target has. */
import { useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { useEffect } from 'preact/hooks'
import { displayText } from '../../../shared/display.ts'
import { toAppError } from '../../../shared/errors.ts'
import type { CompletedKind, Completions } from '../../../shared/protocol/completion.ts'
import { useApp } from '../../app/app-context.ts'
import { refusalText } from '../../i18n/refusal-words.ts'
import { targetText } from '../../i18n/target-text.ts'
import { ComboList } from '../../ui/combo-list.tsx'
import { type ComboField, fillIn, useCombobox, useComboKeys } from '../../ui/combobox.ts'
import type { SourceKind } from '../runs/draft-source.ts'
import { targetPreview } from '../target/target-preview.ts'
import { pathText, pathWordAt } from './path-word.ts'

const listId = 'source-options'
/** A pause in the typing that is long enough to ask a host. */
const pauseMs = 200
const optionsMax = 50

export interface SourceAssistProps {
  readonly field: ComboField
  readonly kind: Exclude<SourceKind, 'command'>
}

export function SourceAssist({ field, kind }: SourceAssistProps): VNode | null {
  const { draft } = useApp()
  const combobox = useCombobox(field, listId)
  const caret = combobox.caret.value
  const [host] = targetPreview.value?.hosts ?? []
  const word = caret === null ? null : wordOf(kind, draft.command.value, caret)
  const typed = word?.typed ?? null
  const found = useCompletions(host, kind, typed)
  const options = optionsOf(found, typed)
  const take = (at: number): void => {
    const option = options[at]
    if (option === undefined || word === null) return
    const filled = kind === 'files' ? pathText(option) : { text: option, back: 0 }
    fillIn(field, filled.text, { ...word, back: filled.back })
  }
  useComboKeys(field, combobox, { listId, count: options.length, onTake: take })
  if (host === undefined || typed === null || isComplete(found, typed)) return null
  return (
    <div class="combo-pop" style={{ left: `${leftOf(field)}px` }}>
      <p class={found.problem === null ? 'combo-note' : 'combo-note tone-warn'} role="status">
        {found.problem ?? noteOf(displayText(host), found.answer, options.length)}
      </p>
      <ComboList
        id={listId}
        label={targetText.value.sourceOptions(displayText(host))}
        options={options.map((one) => ({ text: displayText(one), more: '' }))}
        chosen={combobox.chosen.value}
        onTake={take}
      />
    </div>
  )
}

/** Below the field, or as wide as the bar where there is no room beside it. */
function leftOf(field: ComboField): number {
  return matchMedia('(max-width: 640px)').matches ? -1 : field.offsetLeft
}

function optionsOf({ answer }: Found, typed: string | null): readonly string[] {
  return (answer?.candidates ?? []).filter((one) => one !== typed).slice(0, optionsMax)
}

/** Nothing but what is typed goes on like that. */
function isComplete({ answer }: Found, typed: string): boolean {
  const [only, ...others] = answer?.candidates ?? []
  return only === typed && others.length === 0
}

function noteOf(host: string, answer: Completions | null, count: number): string {
  const g = targetText.value
  if (answer === null) return g.asking(host)
  return answer.isCut ? g.sourceMore(host, count) : g.sourceFound(host, count)
}

const completedKinds: Readonly<Record<SourceAssistProps['kind'], CompletedKind>> = {
  files: 'path',
  journal: 'unit',
  container: 'container',
}

function wordOf(kind: SourceAssistProps['kind'], text: string, caret: number) {
  if (kind === 'files') return pathWordAt(text, caret)
  return { from: 0, to: text.length, typed: text.slice(0, caret).trimStart() }
}

interface Found {
  readonly answer: Completions | null
  /** Why the host cannot be asked, as a sentence. */
  readonly problem: string | null
}

const nothing: Found = { answer: null, problem: null }

/** Asks the host once the typing pauses; what it said of the word before stands until then. */
function useCompletions(
  host: string | undefined,
  kind: SourceAssistProps['kind'],
  prefix: string | null,
): Found {
  const { api } = useApp()
  const found = useSignal<Found>(nothing)
  useEffect(() => {
    found.value = nothing
  }, [host, kind, found])
  useEffect(() => {
    if (host === undefined || prefix === null) return
    const abort = new AbortController()
    const timer = setTimeout(() => {
      api.complete(host, { kind: completedKinds[kind], prefix }, abort.signal).then(
        (answer) => {
          found.value = { answer, problem: null }
        },
        (thrown: unknown) => {
          if (!abort.signal.aborted) found.value = { answer: null, problem: whyNot(host, thrown) }
        },
      )
    }, pauseMs)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [api, host, kind, prefix, found])
  return found.value
}

function whyNot(host: string, thrown: unknown): string {
  return targetText.value.cannotAsk(displayText(host), refusalText(toAppError(thrown)))
}
