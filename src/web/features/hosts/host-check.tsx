/** Tests the way to a host: each step with its time, and what to do about the one that failed. */
import { useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { displayText } from '../../../shared/display.ts'
import { type AppError, toAppError } from '../../../shared/errors.ts'
import type { CheckStep, HostCheck, KeptCheck } from '../../../shared/protocol/hosts.ts'
import { useApp } from '../../app/app-context.ts'
import { fullTime } from '../../i18n/format.ts'
import { hostsText } from '../../i18n/hosts-text.ts'
import { pageTexts } from '../../i18n/page-texts.ts'
import { refusalWords } from '../../i18n/refusal-words.ts'
import { text } from '../../i18n/text.ts'
import { Icon } from '../../ui/icon.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Said } from '../../ui/said.tsx'
import { checkStateOf, checkTones } from './host-filter.ts'

export interface HostCheckPanelProps {
  readonly name: string
  /** Of the last check; null before the first. */
  readonly kept: KeptCheck | null
}

export function HostCheckPanel({ name, kept }: HostCheckPanelProps): VNode {
  const { api } = useApp()
  const p = pageTexts.value
  const check = useSignal<HostCheck | null>(null)
  const problem = useSignal<AppError | null>(null)
  const isBusy = useSignal(false)
  const abort = useRef(new AbortController())
  useEffect(() => {
    // What was found of another host says nothing of this one.
    check.value = null
    problem.value = null
    return () => {
      abort.current.abort()
      abort.current = new AbortController()
    }
  }, [name, check, problem])
  const start = async (): Promise<void> => {
    const { signal } = abort.current
    isBusy.value = true
    problem.value = null
    check.value = null
    try {
      const found = await api.checkHost(name, signal)
      if (!signal.aborted) check.value = found
    } catch (thrown) {
      if (!signal.aborted) problem.value = toAppError(thrown)
    } finally {
      isBusy.value = false
    }
  }
  return (
    <section class="host-box" aria-labelledby="check-title">
      <div class="host-box-head">
        <h2 id="check-title">{p.checkConnection}</h2>
        <button
          type="button"
          class="button"
          aria-disabled={isBusy.value}
          onClick={() => {
            if (!isBusy.value) void start()
          }}
        >
          <Icon name="plug" />
          {p.checkStart}
        </button>
      </div>
      <p class="host-help">{p.checkHelp}</p>
      <div role="status">
        {isBusy.value && <p>{p.checkRunning}</p>}
        {check.value !== null && <Steps check={check.value} />}
      </div>
      {check.value === null && !isBusy.value && kept !== null && <Kept check={kept} />}
      {check.value !== null && <Facts check={check.value} />}
      {problem.value !== null && (
        <Notice tone="err">
          <Said of={problem.value} />
        </Notice>
      )}
    </section>
  )
}

/** What is known from the last time. */
function Kept({ check }: { readonly check: KeptCheck }): VNode {
  const { preferences } = useApp()
  const h = hostsText.value
  const state = checkStateOf(check)
  return (
    <>
      <p class={`host-verdict tone-${checkTones[state]}`}>
        <Icon name={check.ok ? 'check' : 'close'} />
        {h.checkStates[state]}
        <small>{h.lastCheck(fullTime(check.checkedAt, preferences.locale.value))}</small>
      </p>
      {check.message !== null && (
        <p>{displayText(wordsOf({ text: check.message, hint: null, code: check.code }).found)}</p>
      )}
      <Facts check={check} />
    </>
  )
}

/** What the host has told of itself. */
function Facts({ check }: { readonly check: KeptCheck }): VNode | null {
  const { shell, clockOffsetMs, durable } = check
  const h = hostsText.value
  const rows: readonly (readonly [string, string | null])[] = [
    [h.durable, durable === null ? null : durable ? h.yes : h.no],
    [h.shell, shell],
    [h.clock, clockOffsetMs === null ? null : h.clockAhead(clockOffsetMs)],
  ]
  if (rows.every(([, value]) => value === null)) return null
  return (
    <dl class="host-settings">
      {rows.map(
        ([key, value]) =>
          value !== null && (
            <div key={key}>
              <dt>{key}</dt>
              <dd>{displayText(value)}</dd>
            </div>
          ),
      )}
    </dl>
  )
}

function Steps({ check }: { readonly check: HostCheck }): VNode {
  const p = pageTexts.value
  return (
    <>
      <p class={`host-verdict tone-${check.ok ? 'ok' : 'err'}`}>
        <Icon name={check.ok ? 'check' : 'close'} />
        {check.ok ? p.checkOk : p.checkFailed}
      </p>
      <ol class="host-steps">
        {check.steps.map((step) => (
          <Step key={step.step} step={step} />
        ))}
      </ol>
    </>
  )
}

function Step({ step }: { readonly step: CheckStep }): VNode {
  const t = text.value
  const p = pageTexts.value
  const { found, hint } = wordsOf(step)
  const tone = step.ok ? (step.hint === null ? 'ok' : 'warn') : 'err'
  return (
    <li>
      <span class={`host-step-mark tone-${tone}`}>
        <Icon name={tone === 'ok' ? 'check' : tone === 'warn' ? 'warn' : 'close'} />
      </span>
      <span class="host-step-name">{p.checkSteps[step.step]}</span>
      <span class="host-step-ms">{t.delay(step.ms)}</span>
      <span class="host-step-text">
        {displayText(found)}
        {hint !== null && <small>{displayText(hint)}</small>}
      </span>
    </li>
  )
}

/** In the language of the page, where it knows what is said: what went wrong by its code. */
function wordsOf({ text: said, hint, code }: Pick<CheckStep, 'text' | 'hint' | 'code'>): {
  readonly found: string
  readonly hint: string | null
} {
  if (code !== null && text.value.errorWords[code] !== undefined) {
    const { sentence, detail } = refusalWords({ code, message: said, hint: hint ?? '' })
    return { found: sentence, hint: detail }
  }
  const { checkText } = hostsText.value
  return { found: checkText(said), hint: hint === null ? null : checkText(hint) }
}
