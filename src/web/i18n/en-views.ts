/** English texts of the views of a run, by host and grouped by output, which are loaded with them. */
import type { MaskName } from '../../shared/line-mask.ts'

const number = new Intl.NumberFormat('en')
const n = (value: number): string => number.format(value)
const plural = (count: number, one: string, many: string): string =>
  `${n(count)} ${count === 1 ? one : many}`

export const enViews = {
  panesOf: (panes: number, hosts: number): string =>
    `${n(panes)} of ${plural(hosts, 'host', 'hosts')}`,
  panesBefore: 'Previous hosts' as string,
  panesAfter: 'More hosts' as string,
  chooseHost: 'Host of this pane' as string,
  logOf: (host: string): string => `Log of ${host}`,
  nothingYet: 'Nothing yet.' as string,
  groupCount: (groups: number, hosts: number): string =>
    `${plural(groups, 'group', 'groups')} · ${plural(hosts, 'host', 'hosts')}`,
  groupLines: (count: number): string => plural(count, 'line', 'lines'),
  sameSoFar: (count: number, all: number): string =>
    `same so far, ${n(count)} of ${plural(all, 'line', 'lines')}`,
  sameOutput: 'same output' as string,
  differsFrom: (line: number): string => `differs from line ${n(line)} on`,
  differsErrFrom: (line: number): string => `differs from line ${n(line)} of stderr on`,
  differsEverywhere: 'They differ in nearly every line.' as string,
  sortAgain: (count: number): string => `${plural(count, 'group', 'groups')} changed · Sort again`,
  copyAsText: 'Copy as text' as string,
  groupsCopied: (count: number): string => `${plural(count, 'group', 'groups')} copied`,
  compare: 'Compare' as string,
  compared: 'Compared with' as string,
  compareWith: (hosts: string): string => `Compare the others with ${hosts}`,
  comparedWith: (hosts: string): string => `compared with ${hosts}`,
  compareWithMost: 'Compare with most hosts' as string,
  masks: 'Ignore' as string,
  maskNames: { host: 'own name', times: 'times', numbers: 'numbers' } as Record<MaskName, string>,
  differences: 'Differences' as string,
  output: 'Output' as string,
  diffLegend: (before: string, after: string): string => `− ${before}  + ${after}`,
  diffFrom: (line: number): string => `line ${n(line)}`,
  showAllLines: (count: number): string => `Show all ${plural(count, 'line', 'lines')}`,
  frames: (count: number): string => plural(count, 'frame', 'frames'),
  tooLongToGroup: (hosts: string): string => `Too long to group: ${hosts}`,
}
