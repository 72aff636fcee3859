/** The hosts that are known here: those of ssh_config, with their file, and those of runs. */
import { useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { useEffect } from 'preact/hooks'
import { displayText } from '../../../shared/display.ts'
import { type AppError, toAppError } from '../../../shared/errors.ts'
import type { HostEntry } from '../../../shared/protocol/hosts.ts'
import { useApp } from '../../app/app-context.ts'
import { sentenceOf } from '../../app/app-model.ts'
import { hostsUsed } from '../../app/hosts-used.ts'
import { shortTime } from '../../i18n/format.ts'
import { pageTexts } from '../../i18n/page-texts.ts'
import { text } from '../../i18n/text.ts'
import { Icon } from '../../ui/icon.tsx'
import { taskTone } from '../runs/tones.ts'
import { hostPath } from './host-path.ts'
import '../../ui/tool-field.css'
import './hosts.css'

export function HostsPage(): VNode {
  const { hostList, loadHosts } = useApp()
  const t = text.value
  const p = pageTexts.value
  const typed = useSignal('')
  const problem = useSignal<AppError | null>(null)
  useEffect(() => {
    document.title = `${t.hosts} · Farglass`
    loadHosts().catch((thrown: unknown) => {
      problem.value = toAppError(thrown)
    })
  }, [t, loadHosts, problem])
  const list = hostList.value
  const wanted = typed.value.trim().toLowerCase()
  const shown = list?.hosts.filter(({ name }) => name.toLowerCase().includes(wanted)) ?? []
  return (
    <main class="page hosts-page">
      <h1>{t.hosts}</h1>
      <label class="tool-field hosts-filter">
        <Icon name="search" />
        <span class="hidden-visually">{p.hostsFilter}</span>
        <input
          type="search"
          placeholder={p.hostsFilter}
          spellcheck={false}
          autocomplete="off"
          autocapitalize="off"
          onInput={(event) => {
            typed.value = event.currentTarget.value
          }}
        />
      </label>
      {problem.value !== null && (
        <p class="notice tone-err" role="alert">
          <Icon name="warn" />
          {sentenceOf(problem.value)}
        </p>
      )}
      {list !== null && shown.length === 0 && (
        <p class="hosts-none">{list.hosts.length === 0 ? p.hostsNone : p.hostsNoneLike}</p>
      )}
      {shown.length > 0 && <HostTable hosts={shown} />}
      {list !== null && <p class="hosts-from">{p.hostsFrom(list.runs)}</p>}
    </main>
  )
}

function HostTable({ hosts }: { readonly hosts: readonly HostEntry[] }): VNode {
  const t = text.value
  const p = pageTexts.value
  return (
    <table class="hosts-table">
      <thead>
        <tr>
          {[t.host, p.hostState, p.hostNamedIn, p.hostLastRun].map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {hosts.map((host) => (
          <Row key={host.name} host={host} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ host: { name, config, lastRun } }: { readonly host: HostEntry }): VNode {
  const { runs, now, preferences } = useApp()
  const t = text.value
  const p = pageTexts.value
  const used = hostsUsed(runs.value, Number.MAX_SAFE_INTEGER).find(({ task }) => task.host === name)
  const tone = used === undefined ? 'off' : taskTone(used.task, used.run)
  return (
    <tr>
      <td class="host-cell">
        <span class={`dot tone-${tone}`} />
        <a href={hostPath(name)}>{displayText(name)}</a>
      </td>
      <td>{used === undefined ? p.hostNotUsed : t.taskStates[used.task.state]}</td>
      <td class="mono host-file">
        {config === null ? '' : displayText(`${config.file}:${config.line}`)}
      </td>
      <td>
        {lastRun !== null && (
          <a href={`/runs/${lastRun.id}`}>
            {shortTime(lastRun.createdAt, now.value, preferences.locale.value)}
          </a>
        )}
      </td>
    </tr>
  )
}
