/** English texts of targets: what they name, what can stand in one, and the question before a run on many. */
const number = new Intl.NumberFormat('en')
const n = (value: number): string => number.format(value)
const plural = (count: number, one: string, many: string): string =>
  `${n(count)} ${count === 1 ? one : many}`

export const enTarget = {
  options: 'What can stand here' as string,
  hosts: (count: number): string => plural(count, 'host', 'hosts'),
  kinds: { host: 'host', set: 'set', group: 'group', tag: 'tag', all: 'all hosts' } as Record<
    'host' | 'set' | 'group' | 'tag' | 'all',
    string
  >,
  help: 'Hosts, web-[1-38], @group, @env:prod, joined by commas; & for both, ! for without.' as string,
  sourceOptions: (host: string): string => `What ${host} has`,
  asking: (host: string): string => `Asking ${host}…`,
  sourceFound: (host: string, count: number): string =>
    count === 0 ? `Nothing on ${host} goes on like this.` : `On ${host}`,
  sourceMore: (host: string, count: number): string =>
    `On ${host}, the first ${n(count)}: type on for others`,
  cannotAsk: (host: string, why: string): string => `${host} cannot be asked: ${why}`,
  confirmTitle: (count: number): string => `Run on ${plural(count, 'host', 'hosts')}?`,
  confirmGroups: (groups: string): string => `Asked for because of the group ${groups}.`,
  confirmLabel: (count: string): string => `Type ${count} to go on`,
  confirmRun: (count: number): string => `Run on ${plural(count, 'host', 'hosts')}`,
  listTitle: 'Hosts of this target' as string,
  ready: 'ready' as string,
  notChecked: 'not checked' as string,
  failedCheck: 'check failed' as string,
}
