/** Simplified Chinese texts of targets. */
import type { enTarget } from './en-target.ts'

const number = new Intl.NumberFormat('zh-CN')
const n = (value: number): string => number.format(value)

export const zhTarget: typeof enTarget = {
  options: '可填写的内容',
  hosts: (count) => `${n(count)} 台主机`,
  kinds: { host: '主机', set: '集合', group: '组', tag: '标签', all: '全部主机' },
  help: '主机、web-[1-38]、@组、@env:prod，用逗号连接；& 表示同时属于，! 表示排除。',
  sourceOptions: (host) => `${host} 上已有的`,
  asking: (host) => `正在询问 ${host}…`,
  sourceFound: (host, count) => (count === 0 ? `${host} 上没有以此开头的内容。` : `在 ${host} 上`),
  sourceMore: (host, count) => `在 ${host} 上，前 ${n(count)} 项：继续输入以查找其他`,
  cannotAsk: (host, why) => `无法询问 ${host}：${why}`,
  confirmTitle: (count) => `在 ${n(count)} 台主机上运行？`,
  confirmGroups: (groups) => `因为组 ${groups} 要求确认。`,
  confirmLabel: (count) => `输入 ${count} 以继续`,
  confirmRun: (count) => `在 ${n(count)} 台主机上运行`,
  listTitle: '此目标的主机',
  ready: '就绪',
  notChecked: '未检查',
  failedCheck: '检查失败',
}
