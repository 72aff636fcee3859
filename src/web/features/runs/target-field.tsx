/** The hosts of the next run: a plain field that reads as chips while nobody types in it. */
import { useComputed, useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { useApp } from '../../app/app-context.ts'
import { text } from '../../i18n/text.ts'
import { splitTarget } from './split-target.ts'

const chipsShown = 2

export function TargetField(): VNode {
  const { draft, runs, hostList } = useApp()
  const t = text.value
  const isFocused = useSignal(false)
  const hosts = useComputed(() => splitTarget(draft.target.value))
  const known = useComputed(() => [
    ...new Set([
      ...runs.value.flatMap((run) => [run.target, ...run.tasks.map(({ host }) => host)]),
      ...(hostList.value?.hosts.map(({ name }) => name) ?? []),
    ]),
  ])
  const hasChips = !isFocused.value && hosts.value.length > 0
  const more = hosts.value.length - chipsShown
  return (
    <span class={hasChips ? 'target-field chips' : 'target-field'}>
      <input
        id="target"
        aria-label={t.target}
        placeholder={t.targetPlaceholder}
        value={draft.target.value}
        list="known-hosts"
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
      <datalist id="known-hosts">
        {known.value.slice(0, 50).map((host) => (
          <option key={host} value={host}>
            {host}
          </option>
        ))}
      </datalist>
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
    </span>
  )
}
