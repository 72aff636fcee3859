/** Simplified Chinese texts of running a run once more. */
import type { enAgain } from './en-again.ts'

const number = new Intl.NumberFormat('zh-CN')
const n = (value: number): string => number.format(value)

export const zhAgain: typeof enAgain = {
  how: '选择方式',
  all: (count) => (count === 1 ? '再次运行' : `在全部 ${n(count)} 台主机上`),
  failed: (count) => `仅在失败的 ${n(count)} 台主机上`,
  edit: '先修改',
  editMore: '将主机、命令和选项填入上方',
}
