/** Simplified Chinese texts of finding lines: search, filters, histogram. */
import type { enFind } from './en-find.ts'

const number = new Intl.NumberFormat('zh-CN')
const n = (value: number): string => number.format(value)

function span(ms: number): string {
  if (ms < 1_000) return `${ms} 毫秒`
  if (ms < 60_000) return `${ms / 1_000} 秒`
  return ms < 3_600_000 ? `${ms / 60_000} 分钟` : `${ms / 3_600_000} 小时`
}

const partNames: (typeof enFind)['partNames'] = {
  out: '标准输出',
  err: '标准错误',
  error: '错误',
  warn: '警告',
  info: '信息',
  debug: '调试',
  none: '无级别',
}

export const zhFind: typeof enFind = {
  searchRun: '在此运行中搜索',
  matchCase: '区分大小写',
  useRegex: '正则表达式',
  invertSearch: '不含此文本的行',
  nextHit: '下一处',
  previousHit: '上一处',
  clearSearch: '清除搜索',
  hitOf: (at, count) => `${n(at)} / ${n(count)}`,
  hits: (count) => n(count),
  hitsWord: (count) => `${n(count)} 处匹配`,
  foundSoFar: (count) => `已找到 ${n(count)} 处`,
  searchedBackTo: (time, count) => `已回溯到 ${time}，找到 ${n(count)} 处`,
  searching: '正在搜索…',
  noMatch: (count) => `${n(count)} 行中没有匹配`,
  wentOnFromStart: '后面没有匹配：已从第一行继续。',
  wentOnFromEnd: '前面没有匹配：已从最后一行继续。',
  goOn: '继续搜索',
  noMarks: '此表达式标记位置耗时过长。',
  filters: '筛选条件',
  filterTitle: '只显示部分行',
  onlyHosts: (hosts) => hosts,
  notHosts: (hosts) => `非 ${hosts}`,
  channelNames: { out: '标准输出', err: '标准错误', note: '提示' },
  levelNames: { error: '错误', warn: '警告', info: '信息', debug: '调试', none: '无级别' },
  hasText: (written) => `“${written}”`,
  hasNotText: (written) => `不含“${written}”`,
  fromTime: (since) => `${since} 起`,
  beforeTime: (until) => `${until} 前`,
  betweenTimes: (since, until) => `${since} – ${until}`,
  filterSwitch: (name) => `筛选：${name}`,
  removeFilter: (name) => `移除筛选：${name}`,
  clearFilters: '清除筛选',
  filtersHide: (filters, count) => `${n(filters)} 个筛选条件隐藏了全部 ${n(count)} 行`,
  filterFailed: '此筛选条件无法使用',
  channels: '通道',
  levels: '级别',
  levelsHint: '以行首所写的级别为准。',
  text: '文本',
  textToFilter: '行中的文本',
  withText: '含此文本的行',
  withoutText: '不含此文本的行',
  since: '从',
  until: '早于',
  noErrorThere: { next: '后面没有标准错误行。', previous: '前面没有标准错误行。' },
  noNoteThere: { next: '后面没有提示。', previous: '前面没有提示。' },
  histogram: '各时段的行数',
  histogramHelp: '方向键移动，Enter 跳到该时段的行，Shift 加方向键选择要筛选的时段。',
  linesPer: (ms) => `每 ${span(ms)}的行数`,
  byLevel: '按级别',
  partNames,
  barText: (time, count, parts) =>
    [
      `${time}：${n(count)} 行`,
      ...parts.map((part) => `${partNames[part.name]} ${n(part.count)} 行`),
    ].join('，'),
}
