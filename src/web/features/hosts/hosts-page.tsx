/** The hosts that are known here, with their groups and what the last check has found; added, found and checked here. */
import { useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { useEffect } from 'preact/hooks'
import { displayText } from '../../../shared/display.ts'
import { type AppError, toAppError } from '../../../shared/errors.ts'
import { foldHosts } from '../../../shared/host-set.ts'
import type { HostEntry } from '../../../shared/protocol/hosts.ts'
import { useApp } from '../../app/app-context.ts'
import { chooseHost } from '../../app/choose-host.ts'
import { formatCount } from '../../i18n/format.ts'
import { hostsText } from '../../i18n/hosts-text.ts'
import { pageTexts } from '../../i18n/page-texts.ts'
import { refusalText } from '../../i18n/refusal-words.ts'
import { text } from '../../i18n/text.ts'
import { Icon } from '../../ui/icon.tsx'
import { Notice } from '../../ui/notice.tsx'
import { CheckMany } from './check-many.tsx'
import { HostEditor } from './host-editor.tsx'
import { type HostLabel, hostsLike, labelsOf } from './host-filter.ts'
import { HostTable } from './host-table.tsx'
import '../../ui/list-page.css'
import '../../ui/tool-field.css'
import './hosts.css'

export function HostsPage(): VNode {
  const { hostList, loadHosts } = useApp()
  const t = text.value
  const p = pageTexts.value
  const typed = useSignal('')
  const label = useSignal<string | null>(null)
  const isAdding = useSignal(false)
  const problem = useSignal<AppError | null>(null)
  useEffect(() => {
    document.title = `${t.hosts} · Farglass`
    loadHosts().catch((thrown: unknown) => {
      problem.value = toAppError(thrown)
    })
  }, [t, loadHosts, problem])
  const list = hostList.value
  const all = list?.hosts ?? []
  const shown = hostsLike(all, { text: typed.value, label: label.value })
  const complaints = [
    ...(problem.value === null ? [] : [refusalText(problem.value)]),
    ...(list?.complaints ?? []),
  ]
  return (
    <main class="page list-page" data-scrolls>
      <div class="host-head hosts-head">
        <h1>{t.hosts}</h1>
        <button
          type="button"
          class="button primary"
          onClick={() => {
            isAdding.value = true
          }}
        >
          <Icon name="plus" />
          {hostsText.value.add}
        </button>
      </div>
      <Filters
        labels={labelsOf(all)}
        label={label.value}
        onLabel={(next) => {
          label.value = next
        }}
        onType={(next) => {
          typed.value = next
        }}
      />
      {complaints.map((complaint) => (
        <Notice key={complaint} tone="err">
          {displayText(complaint)}
        </Notice>
      ))}
      {list !== null && shown.length === 0 && (
        <p class="hosts-none">{all.length === 0 ? p.hostsNone : p.hostsNoneLike}</p>
      )}
      {shown.length > 0 && <Shown hosts={shown} all={all.length} />}
      {list !== null && <p class="hosts-from">{p.hostsFrom(list.runs)}</p>}
      {isAdding.value && (
        <HostEditor
          host={null}
          onClose={() => {
            isAdding.value = false
          }}
        />
      )}
    </main>
  )
}

interface FiltersProps {
  readonly labels: readonly HostLabel[]
  readonly label: string | null
  readonly onLabel: (label: string | null) => void
  readonly onType: (typed: string) => void
}

function Filters({ labels, label, onLabel, onType }: FiltersProps): VNode {
  const p = pageTexts.value
  return (
    <div class="hosts-filters">
      <label class="tool-field hosts-filter">
        <Icon name="search" />
        <span class="hidden-visually">{p.hostsFilter}</span>
        <input
          type="search"
          placeholder={p.hostsFilter}
          spellcheck={false}
          autocomplete="off"
          autocapitalize="off"
          onInput={(event) => onType(event.currentTarget.value)}
        />
      </label>
      {labels.length > 0 && (
        <div class="hosts-labels" role="group" aria-label={hostsText.value.labels}>
          {labels.map(({ text: name, count }) => (
            <button
              type="button"
              key={name}
              class="chip"
              aria-pressed={name === label}
              onClick={() => onLabel(name === label ? null : name)}
            >
              {displayText(name)} <span>{formatCount(count)}</span>
            </button>
          ))}
        </div>
      )}
    </div>
  )
}

/** The hosts that the filters leave, and what can be done with all of them. */
function Shown({
  hosts,
  all,
}: {
  readonly hosts: readonly HostEntry[]
  readonly all: number
}): VNode {
  const app = useApp()
  const h = hostsText.value
  const names = hosts.map(({ name }) => name)
  return (
    <>
      <div class="hosts-tools">
        <span class="hosts-count">{h.count(hosts.length, all)}</span>
        <button type="button" class="button" onClick={() => chooseHost(app, foldHosts(names))}>
          <Icon name="prompt" />
          {h.runOn(hosts.length)}
        </button>
        <CheckMany names={names} />
      </div>
      <HostTable hosts={hosts} />
    </>
  )
}
