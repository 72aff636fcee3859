/** Simplified Chinese texts of the panel of many hosts. */
import type { enFleet } from './en-fleet.ts'

const number = new Intl.NumberFormat('zh-CN')
const n = (value: number): string => number.format(value)

export const zhFleet: typeof enFleet = {
  states: '只看这些状态的主机',
  find: '查找主机',
  look: '主机的显示方式',
  looks: { grid: '网格', list: '列表' },
  gridOf: (count) => `${n(count)} 台主机`,
  none: '没有这样的主机。',
  onlyTheirs: '只看它们的行',
  reasons: '主机失败的原因',
  moreReasons: (count) => `还有 ${n(count)} 种原因`,
}
