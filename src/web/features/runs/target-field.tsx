/** The hosts of the next run: a plain field that reads as chips while nobody types in it. */
import { useComputed, useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { useApp } from '../../app/app-context.ts'
import { text } from '../../i18n/text.ts'
import { lazy } from '../../ui/lazy.tsx'
import { splitTarget } from './split-target.ts'

const TargetAssist = lazy(
  async () => (await import('../target/target-assist.tsx')).TargetAssist,
  'later',
)

const chipsShown = 2

export function TargetField(): VNode {
  const { draft } = useApp()
  const t = text.value
  const isFocused = useSignal(false)
  const input = useRef<HTMLInputElement>(null)
  const field = useSignal<HTMLInputElement | null>(null)
  useEffect(() => {
    field.value = input.current
  }, [field])
  const hosts = useComputed(() => splitTarget(draft.target.value))
  const hasChips = !isFocused.value && hosts.value.length > 0
  const more = hosts.value.length - chipsShown
  return (
    <span class={hasChips ? 'target-field chips' : 'target-field'}>
      <input
        id="target"
        ref={input}
        aria-label={t.target}
        placeholder={t.targetPlaceholder}
        value={draft.target.value}
        spellcheck={false}
        autocomplete="off"
        autocapitalize="off"
        onFocus={() => {
          isFocused.value = true
        }}
        onBlur={() => {
          isFocused.value = false
        }}
        onInput={(event) => {
          draft.target.value = event.currentTarget.value
          draft.problem.value = null
        }}
      />
      {hasChips && (
        <span class="target-chips" aria-hidden="true">
          {hosts.value.slice(0, chipsShown).map((host) => (
            <span class="chip" key={host}>
              <span>{host}</span>
            </span>
          ))}
          {more > 0 && <span class="chip">+{more}</span>}
        </span>
      )}
      {field.value !== null && <TargetAssist field={field.value} />}
    </span>
  )
}
