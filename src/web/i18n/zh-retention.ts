/** Chinese texts of retention. */
import type { enRetention } from './en-retention.ts'

const number = new Intl.NumberFormat('en')
const n = (value: number): string => number.format(value)

export const zhRetention: typeof enRetention = {
  intro:
    '删除绝不会悄无声息：运行仍留在列表中，并写明其行何时、为何被删除。已固定的运行保持原样，也不计入。',
  lines: '运行的行',
  linesHelp: '结束后经过这么久即删除。',
  runs: '保留行的运行数',
  runsHelp: '超过此数时，最旧的运行失去其行。',
  size: '所有行的大小',
  sizeHelp: '按主机发来的输出计算。超过时先删最旧的；最新的运行保留。',
  rows: '列表中的运行',
  rowsHelp: '结束后经过这么久，运行本身连同剩余内容一起删除。',
  days: '天',
  unitRuns: '个',
  gigabytes: 'GB',
  noBound: '不限',
  savedTitle: '已保存命令的单独限制',
  savedHelp: '对该已保存命令的运行，取代前两项限制。',
  savedName: '已保存命令的名称',
  addRule: '添加',
  linesOf: (name) => `${name} 的运行的行，单位天`,
  runsOf: (name) => `${name} 保留行的运行数`,
  removeRule: (name) => `取消 ${name} 的单独限制`,
  looking: '正在查看会删除什么…',
  removesNothing: '目前不会删除任何内容。',
  removes: (lines, lineSize, rows) => {
    const parts = [
      ...(lines > 0 ? [`${n(lines)} 个运行的行（${lineSize}）`] : []),
      ...(rows > 0 ? [`列表中的 ${n(rows)} 个运行`] : []),
    ]
    return `这会删除${parts.join('，以及')}。`
  },
  stays: (kept, size, pinned) =>
    `保留 ${n(kept)} 个运行的行（${size}），以及 ${n(pinned)} 个已固定的。`,
  save: '保存',
  saveAndRemove: '保存并删除',
  saved: '保留策略已保存',
  pin: '固定',
  unpin: '取消固定',
  pinned: '已固定：保留策略不会动它',
  keptUntil: (date) => `行保留至 ${date}`,
  keptForGood: '行一直保留',
  keptAfterEnd: (age) => `行在运行结束后保留 ${age}`,
  keptNewest: (count) => `只保留最新 ${n(count)} 个运行的行`,
  keptWithin: (size) => `所有运行合计不超过 ${size} 时保留`,
  ages: {
    days: (count) => `${n(count)} 天`,
    hours: (count) => `${n(count)} 小时`,
    minutes: (count) => `${n(count)} 分钟`,
  },
  words: {
    kept: (age) => `保留 ${age}`,
    keptUpTo: (bound) => `最多保留 ${bound}`,
    newest: (count) => `保留最新 ${n(count)} 个运行`,
    forGood: '一直保留',
    pinned: '已固定',
    removed: '行已删除',
  },
  removed: '已删除',
  removedWhy: (why, date) => `行已按保留策略删除（${why}），${date}`,
  olderThan: (age) => `超过 ${age}`,
  overSize: (size) => `总大小超过 ${size}`,
  overRuns: (count) => `不在最新的 ${n(count)} 个之内`,
}
