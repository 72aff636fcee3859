/** In the sidebar: the groups of the inventory, each with how many hosts it has and whether one of them is not well. */
import type { VNode } from 'preact'
import { displayText } from '../../../shared/display.ts'
import type { HostEntry } from '../../../shared/protocol/hosts.ts'
import { useApp } from '../../app/app-context.ts'
import { chooseHost } from '../../app/choose-host.ts'
import { formatCount } from '../../i18n/format.ts'
import { hostsText } from '../../i18n/hosts-text.ts'
import type { Tone } from '../runs/tones.ts'
import { checkStateOf, checkTones, labelsOf } from './host-filter.ts'

const groupsShown = 8

/** Nothing before there are groups. */
export function HostGroups(): VNode | null {
  const app = useApp()
  const h = hostsText.value
  const hosts = app.hostList.value?.hosts ?? []
  const groups = labelsOf(hosts).filter(({ text }) => !text.includes(':'))
  if (groups.length === 0) return null
  return (
    <section>
      <h2 class="sidebar-title">
        {h.sidebarGroups} <span>{formatCount(groups.length)}</span>
        <a href="/hosts" class="sidebar-all">
          {h.allGroups}
        </a>
      </h2>
      <ul>
        {groups.slice(0, groupsShown).map(({ text, count }) => (
          <li key={text}>
            <button type="button" class="sidebar-item" onClick={() => chooseHost(app, text)}>
              <span class={`dot tone-${toneOf(text.slice(1), hosts)}`} />
              <span class="sidebar-name">{displayText(text)}</span>
              <span class="sidebar-more">{h.groupSize(count)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The worst of what the last checks of its hosts have found. */
function toneOf(group: string, hosts: readonly HostEntry[]): Tone {
  const members = hosts.filter(({ groups }) => groups.includes(group))
  const tones = new Set(members.map(({ check }) => checkTones[checkStateOf(check)]))
  return (['err', 'warn', 'off', 'ok'] as const).find((tone) => tones.has(tone)) ?? 'off'
}
