/** Simplified Chinese texts of the options of a run. */
import type { enOptions } from './en-options.ts'

export const zhOptions: typeof enOptions = {
  reading: '读取输出的方式',
  over: '如何依次处理主机',
  fields: {
    fanout: '同时运行的主机数',
    batch: '每批',
    maxFailures: '允许失败数',
    taskTimeout: '每台主机限时',
    timeout: '总限时',
  },
  examples: {
    fanout: '32',
    batch: '5 或 20%',
    maxFailures: '不限',
    taskTimeout: '不限、30s、10m',
    timeout: '不限、2h',
  },
  faults: {
    fanout: '同时运行的主机数：1 到 1,000 的数字。',
    batch: '每批：主机数，或比例，如 20%。',
    maxFailures: '允许失败数：0 到 1,000 的数字。',
    taskTimeout: '每台主机限时：如 30s、10m 或 2h。',
    timeout: '总限时：如 30s、10m 或 2h。',
  },
  help: '前一批主机全部结束后才开始下一批。失败数超出允许值后，不再启动其余主机。',
  order: '主机顺序',
  orders: { given: '按填写顺序', sorted: '按名称', shuffled: '随机' },
  summary: {
    fanout: (count) => `同时 ${count} 台`,
    batch: (size) => `每批 ${size}`,
    maxFailures: (count) => (count === '0' ? '首次失败即停' : `失败超过 ${count} 次即停`),
    taskTimeout: (time) => `每台 ${time}`,
    timeout: (time) => `共 ${time}`,
  },
  sudo: '通过 sudo 以 root 运行',
  sudoHelp: '如果 sudo 需要密码，所有主机只询问一次，密码不会保存。',
  asRoot: '以 root',
  reset: '恢复默认',
}
