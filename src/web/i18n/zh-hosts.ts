/** Simplified Chinese texts of the pages of hosts. */
import type { enHosts } from './en-hosts.ts'

const number = new Intl.NumberFormat('zh-CN')
const n = (value: number): string => number.format(value)

export const zhHosts: typeof enHosts = {
  columns: {
    host: '主机',
    place: '定义位置',
    groups: '组和标签',
    check: '上次检查',
    lastRun: '上次运行',
  },
  checkStates: {
    none: '未检查',
    ready: '就绪',
    plain: '就绪，仅普通模式',
    unreachable: '没有响应',
    key: '未知的主机密钥',
    login: '登录被拒绝',
    failed: '失败',
  },
  sidebarTargets: '目标',
  hostsOfGroup: (name) => `${name} 的主机`,
  moreHosts: (count) => `还有 ${n(count)} 台`,
  groupSize: (count) => `${n(count)} 台主机`,
  labels: '只看某个组或标签的主机',
  labelCount: (label, count) => `${label} ${n(count)}`,
  added: '在此添加',
  addedTo: (destination) => `在此添加：${destination}`,
  usedOnly: '仅来自运行',
  count: (shown, all) => (shown === all ? `${n(all)} 台主机` : `${n(shown)}/${n(all)} 台主机`),
  said: '在此处的说明',
  addedHere: '在此添加。',
  moreOf: (host) => `${host} 的更多操作`,
  lastCheck: (time) => `上次检查：${time}`,
  add: '添加主机',
  edit: '编辑',
  editOf: (host) => `编辑 ${host}`,
  remove: '移除',
  removed: (host) => `已移除 ${host}`,
  save: '保存',
  saved: (host) => `已保存 ${host}`,
  name: '名称',
  nameHelp: '在目标中使用的名称：字母、数字、. _ 和 -',
  destination: '目的地址',
  destinationHelp: 'ssh 连接的位置：别名或 user@name:port。留空则为名称本身。',
  destinationConfig: '由 ssh_config 决定 ssh 连接的位置。',
  groups: '组',
  groupsHelp: '用逗号分隔：web, frontend。在目标中写作 @web。',
  tags: '标签',
  tagsHelp: '用逗号分隔：env:prod, zone:eu。在目标中写作 @env:prod。',
  note: '备注',
  checkThese: (count) => `检查 ${n(count)} 台主机`,
  checking: (done, all) => `已检查 ${n(done)}/${n(all)}`,
  checkedAll: (ok, failed) =>
    failed === 0 ? `${n(ok)} 台全部就绪` : `${n(ok)} 台就绪 · ${n(failed)} 台未就绪`,
  stopChecking: '停止',
  runOn: (count) => `在 ${n(count)} 台主机上运行`,
  shell: '登录 shell',
  clock: '时钟',
  clockAhead: (ms) =>
    Math.abs(ms) < 500
      ? '与本机一致'
      : `${ms > 0 ? '快' : '慢'} ${n(Math.round(Math.abs(ms) / 100) / 10)} 秒`,
  checkText: translateCheck,
  durable: '持久运行',
  yes: '可以',
  no: '不可以',
}

/** What is not known stays as the server wrote it. */
function translateCheck(said: string): string {
  for (const [pattern, into] of checkTexts)
    if (pattern.test(said)) return said.replace(pattern, into)
  return said
}

const checkTexts: readonly (readonly [RegExp, string])[] = [
  [/^(\S+) is an address$/, '$1 本身就是地址'],
  [/^(\S+) is (\S+)$/, '$1 的地址是 $2'],
  [/^port (\d+) answers: (.*)$/s, '端口 $1 有响应：$2'],
  [/^the host key is known, and the login was accepted$/, '主机密钥已知，登录成功'],
  [/^durable runs: yes$/, '持久运行：可以'],
  [/^durable runs: no, (.*)$/s, '持久运行：不可以，$1'],
  [
    /^Commands run there as plain ones: they end with their connection\.$/,
    '命令在那里以普通模式运行：连接断开即结束。',
  ],
]
