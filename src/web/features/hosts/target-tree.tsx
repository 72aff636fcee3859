/** In the sidebar: the groups of the inventory with their hosts, and hosts in none on which something has run. */
import type { Signal } from '@preact/signals'
import type { VNode } from 'preact'
import { useEffect } from 'preact/hooks'
import { displayText } from '../../../shared/display.ts'
import type { HostEntry } from '../../../shared/protocol/hosts.ts'
import { useApp } from '../../app/app-context.ts'
import { chooseHost } from '../../app/choose-host.ts'
import { type HostUsed, hostsUsed } from '../../app/hosts-used.ts'
import { keptSwitch } from '../../app/preferences.ts'
import { formatCount } from '../../i18n/format.ts'
import { hostsText } from '../../i18n/hosts-text.ts'
import { text } from '../../i18n/text.ts'
import { Icon } from '../../ui/icon.tsx'
import { type Tone, taskTone } from '../runs/tones.ts'
import { checkStateOf, checkTones, labelsOf } from './host-filter.ts'
import './target-tree.css'

const groupsShown = 8
const hostsShown = 8
/** Beside groups: saved commands and runs stand below. */
const othersShown = 4

export function TargetTree(): VNode {
  const app = useApp()
  const t = text.value
  useEffect(() => {
    // A convenience here: the screen of the hosts says what is wrong.
    if (app.hostList.peek() === null) app.loadHosts().catch(() => {})
  }, [app])
  const hosts = app.hostList.value?.hosts ?? []
  const groups = labelsOf(hosts).filter(({ text: label }) => !label.includes(':'))
  const used = new Map(
    hostsUsed(app.runs.value, Number.MAX_SAFE_INTEGER).map((each) => [each.task.host, each]),
  )
  const grouped = new Set(hosts.filter((host) => host.groups.length > 0).map(({ name }) => name))
  const others = [...used.keys()]
    .filter((name) => !grouped.has(name))
    .slice(0, groups.length > 0 ? othersShown : hostsShown)
  const roots = Math.min(groups.length, groupsShown) + others.length
  return (
    <section class="target-tree" style={{ '--roots': roots }}>
      <h2 class="sidebar-title">
        {hostsText.value.sidebarTargets}{' '}
        {hosts.length > 0 && <span>{formatCount(hosts.length)}</span>}
        <a href="/hosts" class="sidebar-all">
          {t.allHosts}
        </a>
      </h2>
      {roots === 0 && <p class="sidebar-empty">{t.noHostsYet}</p>}
      <ul>
        {groups.slice(0, groupsShown).map(({ text: label }) => {
          const members = hosts.filter(({ groups: all }) => all.includes(label.slice(1)))
          return <Group key={label} label={label} members={members} used={used} />
        })}
        {others.map((name) => (
          <Host key={name} name={name} used={used.get(name)} entry={undefined} />
        ))}
      </ul>
    </section>
  )
}

interface GroupProps {
  /** As it is written in a target: `@web`. */
  readonly label: string
  readonly members: readonly HostEntry[]
  readonly used: ReadonlyMap<string, HostUsed>
}

/** Its name makes it the target of the next command; the arrow before it shows its hosts. */
function Group({ label, members, used }: GroupProps): VNode {
  const app = useApp()
  const h = hostsText.value
  const isOpen = openSwitch(label, members.length)
  const name = displayText(label)
  const listId = `group-${label}`
  const rest = members.length - hostsShown
  return (
    <li>
      <span class="tree-row">
        <button
          type="button"
          class="tree-arrow"
          aria-expanded={isOpen.value}
          aria-controls={listId}
          aria-label={h.hostsOfGroup(name)}
          onClick={() => {
            isOpen.value = !isOpen.value
          }}
        >
          <Icon name="chevron" />
        </button>
        <button type="button" class="sidebar-item" onClick={() => chooseHost(app, label)}>
          <span class="sidebar-name">{name}</span>
          {!isOpen.value && <span class={`dot tone-${worstTone(members)}`} />}
          <span class="sidebar-more" title={h.groupSize(members.length)}>
            {formatCount(members.length)}
          </span>
        </button>
      </span>
      <ul id={listId} class="tree-hosts" hidden={!isOpen.value}>
        {isOpen.value &&
          members
            .slice(0, hostsShown)
            .map((entry) => (
              <Host key={entry.name} name={entry.name} used={used.get(entry.name)} entry={entry} />
            ))}
        {isOpen.value && rest > 0 && (
          <li>
            <a class="sidebar-item tree-rest" href="/hosts">
              {h.moreHosts(rest)}
            </a>
          </li>
        )}
      </ul>
    </li>
  )
}

interface HostProps {
  readonly name: string
  readonly used: HostUsed | undefined
  readonly entry: HostEntry | undefined
}

/** What its newest task does says more of a host than its last check. */
function Host({ name, used, entry }: HostProps): VNode {
  const app = useApp()
  const t = text.value
  const tone =
    used === undefined
      ? checkTones[checkStateOf(entry?.check ?? null)]
      : taskTone(used.task, used.run)
  return (
    <li>
      <button type="button" class="sidebar-item" onClick={() => chooseHost(app, name)}>
        <span class={`dot tone-${tone}`} />
        <span class="sidebar-name">{displayText(name)}</span>
        <span class="sidebar-more">
          {used === undefined
            ? displayText(entry?.destination ?? '')
            : t.taskStates[used.task.state]}
        </span>
      </button>
    </li>
  )
}

/** Whether a group shows its hosts, remembered; at first the small ones do. */
function openSwitch(label: string, size: number): Signal<boolean> {
  const known = openGroups.get(label)
  if (known !== undefined) return known
  const made = keptSwitch(`open${label}`, size <= openAtFirst ? 'on' : 'off')
  openGroups.set(label, made)
  return made
}

const openGroups = new Map<string, Signal<boolean>>()
const openAtFirst = 3

/** Of what the last checks of its hosts have found. */
function worstTone(members: readonly HostEntry[]): Tone {
  const tones = new Set(members.map(({ check }) => checkTones[checkStateOf(check)]))
  return (['err', 'warn', 'off', 'ok'] as const).find((tone) => tones.has(tone)) ?? 'off'
}
