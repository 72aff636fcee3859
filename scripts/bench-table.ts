/** The figures of bench/baseline.json as the table in both READMEs, so that they say what was measured. */
import { join } from 'node:path'
import { type Report, readReport } from '../bench/support/report.ts'

type Language = 'en' | 'zh'

interface Row {
  readonly label: Readonly<Record<Language, string>>
  /** Beginning of the claim, and the figure in it; several are joined by " / ". */
  readonly claim: string
  readonly ours: readonly string[]
  readonly plain?: readonly string[]
}

const rows: readonly Row[] = [
  {
    label: {
      en: '1,000,000 lines of 100 bytes, stored and shown to one viewer',
      zh: '1,000,000 行（每行 100 字节），存盘并显示给一个观看者',
    },
    claim: 'burst of',
    ours: ['Farglass, request to last line'],
    plain: ['plain ssh'],
  },
  {
    label: {
      en: 'age of a line when shown, 1,000 lines/s: p50, on disk first',
      zh: '每秒 1,000 行时，一行显示出来的延迟 p50，先落盘',
    },
    claim: 'age of a line when shown',
    ours: ['Farglass --sync full, p50'],
    plain: ['plain ssh, p50'],
  },
  {
    label: { en: 'the same with `--sync interval`', zh: '同上，使用 `--sync interval`' },
    claim: 'age of a line when shown',
    ours: ['Farglass --sync interval, p50'],
    plain: ['plain ssh, p50'],
  },
  {
    label: { en: 'one sync of that disk, p50', zh: '这块盘一次同步的时间 p50' },
    claim: 'age of a line when shown',
    ours: ['write + fdatasync of the data disk, p50'],
  },
  {
    label: {
      en: '100 viewers × 1,000 lines/s, all complete: age p50 / p99',
      zh: '100 个观看者 × 每秒 1,000 行，全部完整：延迟 p50 / p99',
    },
    claim: '100 viewers',
    ours: ['age of a line when shown, p50', 'same, p99'],
  },
  {
    label: {
      en: '1,000 viewers × 1,000 lines/s, all complete: CPU of the server',
      zh: '1,000 个观看者 × 每秒 1,000 行，全部完整：服务器占用的 CPU',
    },
    claim: '1,000 viewers',
    ours: ['CPU of the server process'],
  },
  {
    label: {
      en: 'late joiner on a live run of 1,000,000 lines: first / all lines',
      zh: '晚加入一个正在进行的 1,000,000 行的运行：首批 / 全部行',
    },
    claim: 'late joiner',
    ours: ['first lines shown', 'all lines shown'],
  },
  {
    label: {
      en: 'the same burst in durable mode / in plain mode beside it',
      zh: '同样的突发：持久模式 / 并排测得的普通模式',
    },
    claim: 'durable: burst',
    ours: ['durable, request to last line', 'plain, request to last line'],
  },
  {
    label: {
      en: 'age of a line at 1,000 lines/s, p50: durable mode / plain mode beside it',
      zh: '每秒 1,000 行时一行的延迟 p50：持久模式 / 并排测得的普通模式',
    },
    claim: 'durable: age',
    ours: ['durable, p50', 'plain, p50'],
  },
  {
    label: { en: 'memory of an idle server', zh: '空闲服务器的内存' },
    claim: 'memory (RSS)',
    ours: ['server, idle'],
  },
  {
    label: {
      en: 'page on a run of 10 million lines: first lines / random jump, p95',
      zh: '打开 1,000 万行的运行页面：首批行 / 随机跳转 p95',
    },
    claim: 'page on a run',
    ours: ['first lines after navigation', 'random jump, p95'],
  },
  {
    label: {
      en: 'page at 50,000 lines/s: frames a second / main thread per 1,000 lines',
      zh: '页面在每秒 50,000 行时：每秒帧数 / 每 1,000 行占用主线程',
    },
    claim: 'page at',
    ours: ['frames a second', 'main thread per 1,000 lines'],
  },
  {
    label: {
      en: 'search in 10 million lines: one hit by text / a regular expression',
      zh: '在 1,000 万行中搜索：文本找到一处 / 正则表达式',
    },
    claim: 'search in',
    ours: ['text, capitals ignored, one hit', 'regular expression'],
  },
  {
    label: {
      en: 'store in Redis, 100 lines at a time / plain `XADD` beside it',
      zh: 'Redis 存储，每次 100 行 / 并排测得的普通 `XADD`',
    },
    claim: 'redis (append-only file',
    ours: ['append of 100 lines', 'XADD * of 100 lines'],
  },
  {
    label: {
      en: '200 viewers on 3 nodes × 1,000 lines/s, CPU per delivered line / `PUBLISH` and a subscriber for each',
      zh: '3 个节点上 200 个观看者 × 每秒 1,000 行，每送达一行的 CPU / `PUBLISH` 加每人一个订阅者',
    },
    claim: 'nodes: 200 viewers',
    ours: [
      'on 3 nodes: CPU of nodes and Redis per delivered line',
      'PUBLISH of each line, a subscriber for each viewer, no HTTP: CPU per delivered line',
    ],
  },
  {
    label: {
      en: '100 viewers on each of 2 nodes × 1,000 lines/s, all complete: age p50 / p99',
      zh: '2 个节点各 100 个观看者 × 每秒 1,000 行，全部完整：延迟 p50 / p99',
    },
    claim: 'nodes: 200 viewers',
    ours: [
      'on 2 nodes: age of a line when shown, p50',
      'on 2 nodes: age of a line when shown, p99',
    ],
  },
  {
    label: {
      en: 'a node is killed: next new line shown at another node / longest',
      zh: '一个节点被杀死：另一个节点显示下一行新内容 / 最长',
    },
    claim: 'take-over of',
    ours: ['until the next new line is shown at another node', 'the same, longest'],
  },
  {
    label: {
      en: '`uptime` on 200 hosts, connections warm: plain / durable / `clush -b` / `ansible -m raw` beside it',
      zh: '在 200 台主机上执行 `uptime`，连接已建立：普通 / 持久 / 并排测得的 `clush -b` / `ansible -m raw`',
    },
    claim: 'uptime on',
    ours: [
      'farglass run --group --mode plain, warm connections',
      'farglass run --group, warm connections',
      'clush -b, 64 at once, warm connections',
      'ansible -m raw -f 50, warm connections',
    ],
  },
  {
    label: {
      en: 'the same, first time with sshd as Debian sets it: hosts that did not answer: durable / `clush -b`',
      zh: '同上，首次连接，sshd 为 Debian 默认设置：没有回应的主机：持久 / `clush -b`',
    },
    claim: 'uptime on',
    ours: [
      'farglass run --group, hosts that did not answer the first time',
      'clush -b, 64 at once, hosts that did not answer the first time',
    ],
  },
  {
    label: {
      en: '50 hosts × 2,000 lines/s for 120 s in one view: lost or doubled / CPU of the server',
      zh: '50 台主机 × 每秒 2,000 行，持续 120 秒，合并显示：丢失或重复 / 服务器占用的 CPU',
    },
    claim: '50 hosts',
    ours: ['lines lost or doubled', 'CPU of the server'],
  },
]

const words = {
  en: { what: 'what', plain: 'plain ssh', taken: 'Medians, taken on', at: ', ' },
  zh: { what: '项目', plain: '普通 ssh', taken: '中位数，测量环境：', at: '，' },
} as const

/** Replaces what stands between the two marks of the page. */
export function withBenchTable(page: string, language: Language, root: string): string {
  const report = baselineIn(root)
  const { machine, figures } = report
  const valueOf = (row: Row, names: readonly string[] = []): string =>
    names.map((name) => amount(figures, row.claim, name)).join(' / ')
  const { what, plain, taken, at } = words[language]
  const measured = measuredRows(figures)
  const table = [
    `| ${what} | Farglass | ${plain} |`,
    '|---|---|---|',
    ...measured.map(
      (row) =>
        `| ${row.label[language]} | ${valueOf(row, row.ours)} | ${valueOf(row, row.plain)} |`,
    ),
    '',
    `${taken} ${machine.summary}${at}${daysOf(measured, report)}.`.replace('： ', '：'),
  ].join('\n')
  return page.replace(
    /(<!-- bench -->\n).*?(\n<!-- \/bench -->)/s,
    (_, begin: string, end: string) => `${begin}${table}${end}`,
  )
}

/** The figures of the benches of several nodes, in the place that the page has for them. */
export function withNodesTable(page: string, root: string): string {
  const figures = baselineIn(root).figures.filter(({ claim }) =>
    nodesClaims.some((begin) => claim.startsWith(begin)),
  )
  const table = [
    '| what | median | from – to |',
    '|---|---|---|',
    ...figures.map(
      ({ what, value, unit, samples }) =>
        `| ${what} | ${shown(value)} ${unit} | ${shown(Math.min(...samples))} – ${shown(Math.max(...samples))} |`,
    ),
  ].join('\n')
  const text =
    figures.length > 0 ? table : 'These benches have not run for bench/baseline.json yet.'
  return page.replace(
    /(<!-- bench:nodes -->\n).*?(\n<!-- \/bench -->)/s,
    (_, begin: string, end: string) => `${begin}${text}${end}`,
  )
}

const nodesClaims = ['take-over of', 'nodes: 200 viewers']

/** One that nobody has measured yet is left out; one that lacks a figure of a measured claim is an error. */
function measuredRows(figures: Report['figures']): readonly Row[] {
  return rows.filter((row) => figures.some((figure) => figure.claim.startsWith(row.claim)))
}

/** Benches that ran alone may have run on several days. */
function daysOf(measured: readonly Row[], { figures, machine }: Report): string {
  const days = figures
    .filter(({ claim }) => measured.some((row) => claim.startsWith(row.claim)))
    .map(({ date }) => date ?? machine.date)
    .toSorted()
  const [first, last] = [days.at(0) ?? machine.date, days.at(-1) ?? machine.date]
  return first === last ? last : `${first} – ${last}`
}

/** Throws when there is none: the pages would say nothing. */
function baselineIn(root: string): Report {
  const path = join(root, 'bench/baseline.json')
  const report = readReport(path)
  if (report === undefined) throw new Error(`${path} is missing.`)
  return report
}

function amount(figures: Report['figures'], claim: string, what: string): string {
  const figure = figures.find((one) => one.claim.startsWith(claim) && one.what === what)
  if (!figure) throw new Error(`bench/baseline.json holds no "${what}" of "${claim}"`)
  return `${shown(figure.value)} ${figure.unit}`
}

function shown(value: number): string {
  return Number(value.toPrecision(value >= 1_000 ? 3 : 2)).toLocaleString('en')
}
