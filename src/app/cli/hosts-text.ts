/** Hosts, groups and checks as text for a terminal. */
import { displayText } from '../../shared/display.ts'
import { foldHosts } from '../../shared/host-set.ts'
import type {
  HostCheck,
  HostDetails,
  HostEntry,
  HostGroup,
  KeptCheck,
  SshSettings,
  TargetPreview,
} from '../../shared/protocol/hosts.ts'
import { localZone, shortMinute, timeTitle } from './short-time.ts'
import { headedText, tableText } from './table-text.ts'

/** One row each: name, groups and tags, last check, where it is from, last run. */
export function hostsText(hosts: readonly HostEntry[]): string {
  const rows = hosts.map((host) => [
    host.name,
    labelsOf(host),
    host.check === null ? '' : stateOf(host.check),
    placeOf(host),
    host.lastRun === null ? '' : shortMinute(host.lastRun.createdAt),
  ])
  return headedText(
    ['HOST', 'GROUPS, TAGS', timeTitle('LAST CHECK'), 'FROM', timeTitle('LAST RUN')],
    rows,
  )
}

export function groupsText(groups: readonly HostGroup[]): string {
  return tableText(
    groups.map(({ name, hosts, confirm }) => [
      `@${name}`,
      countText(hosts.length),
      foldHosts(hosts),
      confirm ? 'asks before a run' : '',
    ]),
  )
}

export function previewText({ folded, count }: TargetPreview): string {
  return `${displayText(folded)} (${countText(count)})\n`
}

export function countText(count: number): string {
  return count === 1 ? '1 host' : `${count} hosts`
}

export function detailsText(host: HostDetails): string {
  const rows = [
    ['Host', host.name],
    ['From', placeOf(host)],
    ...(host.destination === null ? [] : [['Destination', host.destination]]),
    ...(labelsOf(host) === '' ? [] : [['Groups, tags', labelsOf(host)]]),
    ...(host.note === null ? [] : [['Note', host.note]]),
    ...(host.check === null
      ? []
      : [['Last check', `${stateOf(host.check)} ${localZone()}, ${aboutCheck(host.check)}`]]),
    ...settingsRows(host.ssh),
  ]
  const known = rows.map(([key = '', value = '']) => `${key.padEnd(16)}${displayText(value)}\n`)
  return known.join('') + (host.ssh === null ? 'ssh itself cannot say what it would use.\n' : '')
}

/** Every step of a check with its time. */
export function stepsText({ steps }: HostCheck): string {
  return steps
    .map(({ step, ok, ms, text, hint }) => {
      const more = hint === null ? '' : `\n        ${displayText(hint)}`
      return `${ok ? 'ok  ' : 'FAIL'}  ${step.padEnd(8)}${String(ms).padStart(6)} ms  ${displayText(text)}${more}\n`
    })
    .join('')
}

/** A check in one row. */
export function checkText(check: HostCheck, width: number): string {
  const name = displayText(check.name).padEnd(width)
  return `${check.ok ? 'ok  ' : 'FAIL'}  ${name}  ${displayText(aboutCheck(check))}\n`
}

function aboutCheck({ durable, shell, clockOffsetMs, message }: KeptCheck): string {
  if (message !== null) return message
  const parts = [
    durable === false ? 'no durable runs' : 'durable runs',
    ...(shell === null ? [] : [shell]),
    ...(clockOffsetMs === null ? [] : [clockText(clockOffsetMs)]),
  ]
  return parts.join(', ')
}

/** A second is what the way to the host can take. */
function clockText(offsetMs: number): string {
  const seconds = Math.round(Math.abs(offsetMs) / 1_000)
  if (seconds <= 1) return 'clock right'
  return `clock ${seconds} s ${offsetMs > 0 ? 'ahead' : 'behind'}`
}

function stateOf({ ok, checkedAt }: KeptCheck): string {
  return `${ok ? 'ok' : 'FAILED'} ${shortMinute(checkedAt)}`
}

function labelsOf({ groups, tags }: Pick<HostEntry, 'groups' | 'tags'>): string {
  return [...groups, ...tags].map((label) => `@${label}`).join(' ')
}

function placeOf({ sources }: Pick<HostEntry, 'sources'>): string {
  const places = sources.map((source) =>
    source.kind === 'added' ? 'added' : `${source.file}:${source.line}`,
  )
  return places.length === 0 ? 'not in the inventory' : places.join(', ')
}

function settingsRows(ssh: SshSettings | null): readonly (readonly [string, string])[] {
  if (ssh === null) return []
  const { hostName, port, user, proxyJump, proxyCommand } = ssh
  return [
    ['HostName', hostName],
    ['Port', String(port)],
    ['User', user],
    ...(proxyJump === null ? [] : [['ProxyJump', proxyJump] as const]),
    ...(proxyCommand === null ? [] : [['ProxyCommand', proxyCommand] as const]),
    ...ssh.identityFiles.map((file) => ['IdentityFile', file] as const),
    ...ssh.certificateFiles.map((file) => ['CertificateFile', file] as const),
  ]
}
