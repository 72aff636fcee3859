/** English texts of the pages of hosts, which are loaded with them. */
const number = new Intl.NumberFormat('en')
const n = (value: number): string => number.format(value)
const plural = (count: number, one: string, many: string): string =>
  `${n(count)} ${count === 1 ? one : many}`

type CheckState = 'none' | 'ready' | 'plain' | 'unreachable' | 'key' | 'login' | 'failed'

export const enHosts = {
  columns: {
    host: 'Host',
    place: 'Where it is named',
    groups: 'Groups and tags',
    check: 'Last check',
    lastRun: 'Last run',
  } as Record<'host' | 'place' | 'groups' | 'check' | 'lastRun', string>,
  checkStates: {
    none: 'not checked',
    ready: 'ready',
    plain: 'ready, plain runs only',
    unreachable: 'no answer',
    key: 'host key not known',
    login: 'login refused',
    failed: 'failed',
  } as Record<CheckState, string>,
  sidebarTargets: 'Targets' as string,
  hostsOfGroup: (name: string): string => `Hosts of ${name}`,
  moreHosts: (count: number): string => `${n(count)} more`,
  groupSize: (count: number): string => plural(count, 'host', 'hosts'),
  labels: 'Only hosts of a group or tag' as string,
  labelCount: (label: string, count: number): string => `${label} ${n(count)}`,
  added: 'added here' as string,
  addedTo: (destination: string): string => `added here: ${destination}`,
  usedOnly: 'from runs only' as string,
  count: (shown: number, all: number): string =>
    shown === all ? plural(all, 'host', 'hosts') : `${n(shown)} of ${plural(all, 'host', 'hosts')}`,
  said: 'What is said of it here' as string,
  addedHere: 'Added here.' as string,
  moreOf: (host: string): string => `More for ${host}`,
  lastCheck: (time: string): string => `Last checked ${time}` as string,
  add: 'Add host' as string,
  edit: 'Edit' as string,
  editOf: (host: string): string => `Edit ${host}` as string,
  remove: 'Remove' as string,
  removed: (host: string): string => `${host} removed` as string,
  save: 'Save' as string,
  saved: (host: string): string => `${host} saved` as string,
  name: 'Name' as string,
  nameHelp: 'As it stands in a target: letters, digits, . _ and -' as string,
  destination: 'Destination' as string,
  destinationHelp: 'Where ssh goes: alias or user@name:port. Empty: the name itself.' as string,
  destinationConfig: 'ssh_config says where ssh goes.' as string,
  groups: 'Groups' as string,
  groupsHelp: 'With commas: web, frontend. A target names one as @web.' as string,
  tags: 'Tags' as string,
  tagsHelp: 'With commas: env:prod, zone:eu. A target names one as @env:prod.' as string,
  note: 'Note' as string,
  checkThese: (count: number): string => `Check ${plural(count, 'host', 'hosts')}`,
  checking: (done: number, all: number): string => `Checked ${n(done)} of ${n(all)}`,
  checkedAll: (ok: number, failed: number): string =>
    failed === 0 ? `All ${n(ok)} are ready` : `${n(ok)} ready · ${n(failed)} not`,
  stopChecking: 'Stop' as string,
  runOn: (count: number): string => `Run on ${plural(count, 'host', 'hosts')}`,
  shell: 'Login shell' as string,
  clock: 'Clock' as string,
  clockAhead: (ms: number): string =>
    Math.abs(ms) < 500
      ? 'as here'
      : `${n(Math.round(Math.abs(ms) / 100) / 10)} s ${ms > 0 ? 'ahead' : 'behind'}`,
  /** What a step of a check says, in this language. */
  checkText: (said: string): string => said,
  durable: 'Durable runs' as string,
  yes: 'yes' as string,
  no: 'no' as string,
}
