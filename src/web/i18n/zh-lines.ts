/** 简体中文: single lines. */
import type { enLines } from './en-lines.ts'

const number = new Intl.NumberFormat('en')
const list = new Intl.ListFormat('zh-CN')
const n = (value: number): string => number.format(value)

export const zhLines: typeof enLines = {
  othersWatch: (count, names) => {
    const more = count - names.length
    const others = more > 0 ? [`另外 ${n(more)} 人`] : []
    return `${list.format([...names, ...others])}在看`
  },
  fields: '该行的字段',
  copyPath: '复制路径',
  copyValue: '复制值',
  copied: '已复制',
  onlyThisValue: '只看有此值的行',
  levelSource: { stated: '由该行注明', likely: '依据行首的词' },
  marked: '已标记',
  markedLines: '标记的行',
  lineNumber: (pos) => `第 ${n(pos)} 行`,
  markLine: '为所有人标记',
  unmarkLine: '取消标记',
}
