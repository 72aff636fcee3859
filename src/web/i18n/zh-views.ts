/** The same in simplified Chinese. */
import type { enViews } from './en-views.ts'

const number = new Intl.NumberFormat('zh-CN')
const n = (value: number): string => number.format(value)

export const zhViews: typeof enViews = {
  panesOf: (panes, hosts) => `${n(panes)} / ${n(hosts)} 台主机`,
  panesBefore: '前面的主机',
  panesAfter: '更多主机',
  chooseHost: '此栏的主机',
  logOf: (host) => `${host} 的日志`,
  nothingYet: '还没有输出。',
  groupCount: (groups, hosts) => `${n(groups)} 组 · ${n(hosts)} 台主机`,
  groupLines: (count) => `${n(count)} 行`,
  sameSoFar: (count, all) => `目前相同，${n(count)} / ${n(all)} 行`,
  sameOutput: '输出相同',
  differsFrom: (line) => `从第 ${n(line)} 行起不同`,
  differsErrFrom: (line) => `从 stderr 第 ${n(line)} 行起不同`,
  differsEverywhere: '几乎每一行都不同。',
  sortAgain: (count) => `${n(count)} 组有变化 · 重新排序`,
  copyAsText: '复制为文本',
  groupsCopied: (count) => `已复制 ${n(count)} 组`,
  compare: '对比',
  compared: '对比基准',
  compareWith: (hosts) => `将其他组与 ${hosts} 对比`,
  comparedWith: (hosts) => `对比基准：${hosts}`,
  compareWithMost: '与多数主机对比',
  masks: '忽略',
  maskNames: { host: '本机名', times: '时间', numbers: '数字' },
  differences: '差异',
  output: '输出',
  diffLegend: (before, after) => `− ${before}  + ${after}`,
  diffFrom: (line) => `第 ${n(line)} 行`,
  showAllLines: (count) => `显示全部 ${n(count)} 行`,
  frames: (count) => `${n(count)} 帧`,
  tooLongToGroup: (hosts) => `过长，无法分组：${hosts}`,
}
