/** Runs and lines for pictures of the page: always the same, and like a working day. */
import type { WireGroup, WireLine } from '../../src/shared/protocol/events.ts'
import type { Question } from '../../src/shared/question.ts'
import type { Run, Task } from '../../src/shared/run.ts'
import { planOf } from '../../src/shared/run-plan.ts'

export const hosts = [
  'web-01',
  'web-02',
  'web-03',
  'db-01',
  'db-02',
  'cache-01',
  'edge-01',
  'edge-02',
] as const

const start = Date.parse('2026-11-20T09:36:56.000Z')
const esc = '\u001b'
const color = (code: number, text: string): string => `${esc}[${code}m${text}${esc}[0m`
const bold = (text: string): string => `${esc}[1m${text}${esc}[0m`
const info = (who: string, text: string): string => `${color(32, 'INFO')} ${color(36, who)} ${text}`
const warn = (who: string, text: string): string => `${color(33, 'WARN')} ${color(36, who)} ${text}`
const grey = (text: string): string => `${esc}[2m${text}${esc}[0m`
const access = (ip: string, request: string, end: string): string => {
  const [method = '', path = ''] = request.split(' ')
  const [status = '', size = '', took = ''] = end.split(' ')
  return `${grey(ip)} ${bold(method)} ${path} ${color(status < '400' ? 32 : 31, status)} ${grey(size)} ${grey(took)}`
}

type Row = readonly [host: string, channel: 'out' | 'err' | 'note', text: string]

const json =
  '{"level":"warn","msg":"retrying connection","attempt":2,"upstream":"db-02","backoff_ms":400}'

/** What is in view at the end of the run. */
const rows: readonly Row[] = [
  ['web-01', 'out', info('orders', 'order 81918 created total=¥ 899.00 customer=55101')],
  ['edge-01', 'out', access('192.0.2.55', 'GET /api/v1/search?q=lamp', '200 7741B 52ms')],
  ['web-02', 'out', info('search', `query "lamp" matched 318 in ${bold('38ms')}`)],
  ['web-01', 'out', info('orders', 'order 81919 shipped carrier=SF tracking=SF1482209')],
  [
    'edge-01',
    'out',
    access('203.0.113.84', 'GET /api/v1/orders/81920?expand=items', '200 5120B 18ms'),
  ],
  ['web-01', 'out', info('orders', `order 81920 loaded in ${bold('14ms')} cache=hit`)],
  ['edge-02', 'out', access('198.51.100.7', 'POST /api/v1/cart/items', '201 312B 42ms')],
  ['web-02', 'out', info('cart', 'reserved sku=KX-2214 qty=2 customer=55102')],
  [
    'db-01',
    'out',
    warn(
      'postgres',
      `slow query (${bold('1284ms')}) SELECT id, total FROM orders WHERE customer_id = 55102 ORDER BY created_at DESC`,
    ),
  ],
  ['db-01', 'out', '  ->  Seq Scan on orders  (cost=0.00..48291.10 rows=812 width=24)'],
  ['cache-01', 'note', 'exited 0 after 2 min 40 s'],
  ['edge-01', 'out', access('203.0.113.19', 'GET /healthz', '200 2B 1ms')],
  [
    'edge-02',
    'note',
    'disconnected: The connection to edge-02 was lost. The command goes on on the host, and its output is kept there.',
  ],
  [
    'web-03',
    'out',
    info('worker-4', `processed job 4471902 in ${bold('231ms')} queue=default retries=0`),
  ],
  [
    'db-02',
    'err',
    `${color(31, 'ERROR')} ${color(31, 'pool')} java.lang.IllegalStateException: connection pool exhausted after 30000 ms`,
  ],
  ['db-02', 'err', '  at com.acme.db.Pool.acquire(Pool.java:214)'],
  [
    'db-02',
    'err',
    'Caused by: java.net.SocketTimeoutException: connection to 10.0.2.21:5432 timed out',
  ],
  ['db-02', 'note', 'exited 137 (KILL) after 3 min 11 s'],
  ['web-01', 'out', json],
  ['edge-02', 'out', access('198.51.100.230', 'GET /api/v1/orders/81921', '502 166B 3021ms')],
  ['web-02', 'out', warn('gateway', 'upstream db-02 marked down, 1 of 2 replicas left')],
  ['edge-01', 'out', access('203.0.113.84', 'GET /static/app.4f1c.js', '200 84120B 6ms')],
  ['edge-02', 'note', 'reconnected after 1.8 s, resumed at byte 25996513, of stderr at byte 5684'],
  ['edge-02', 'out', access('198.51.100.7', 'GET /api/v1/cart', '200 1840B 22ms')],
  [
    'web-03',
    'out',
    info('worker-7', `processed job 4471903 in ${bold('88ms')} queue=default retries=1`),
  ],
  [
    'web-03',
    'note',
    'gap: bytes 20430513 to 20692657 of stdout cannot be had: the file that holds the output on the host was cut',
  ],
  ['web-01', 'out', info('orders', 'failover: using db-01 for reads and writes')],
  ['db-01', 'out', `${color(34, 'LOG')} ${color(36, 'postgres')} checkpoint starting: time`],
  [
    'edge-01',
    'out',
    access('192.0.2.55', 'GET /api/v1/search?q=%E8%80%B3%E6%9C%BA&page=2', '200 9210B 61ms'),
  ],
  ['web-02', 'out', info('search', `查询 “耳机” 命中 1,204 条，用时 ${bold('47ms')}`)],
  ['edge-01', 'out', access('203.0.113.19', 'GET /healthz', '200 2B 1ms')],
  [
    'web-03',
    'out',
    info('worker-2', `processed job 4471904 in ${bold('119ms')} queue=mail retries=0`),
  ],
  ['edge-02', 'out', access('198.51.100.7', 'POST /api/v1/checkout', '200 902B 184ms')],
  [
    'web-01',
    'out',
    info('orders', `order 81922 created total=${bold('¥ 1,499.00')} customer=55102`),
  ],
]

/** Position of the last picture line; the run is long, the picture shows its end. */
export const fakeEnd = 1_284_940

/** Any line of the long run, computed from its position. */
export function fakeLine(pos: number): WireLine {
  const fromEnd = fakeEnd - pos
  const row: Row | undefined =
    fromEnd <= rows.length ? rows[rows.length - fromEnd] : ordinary[pos % ordinary.length]
  const [host, channel, text] = row ?? ['web-01', 'out', '']
  const time = new Date(start + 252_000 - fromEnd * 87).toISOString()
  return { pos, task: taskOf(host), channel, time, text }
}

const ordinary = rows.filter(([, channel]) => channel === 'out')

function taskOf(host: string): number {
  return Math.max(
    0,
    hosts.findIndex((name) => name === host),
  )
}

export function groupOf(line: WireLine): WireGroup {
  const { task, channel, time, text } = line
  return { task, channel, time, lines: [text] }
}

export function fakeTask(host: string, change: Partial<Task> = {}): Task {
  return {
    id: taskOf(host),
    host,
    mode: 'durable',
    state: 'running',
    exitCode: null,
    signal: null,
    outBytes: 18_204_113 + taskOf(host) * 1_113_200,
    errBytes: taskOf(host) * 812,
    startedAt: new Date(start + 400).toISOString(),
    endedAt: null,
    awaySince: null,
    message: null,
    code: null,
    question: null,
    ...change,
  }
}

export function fakeRun(id: string, change: Partial<Run> = {}): Run {
  return {
    id,
    target: hosts.join(','),
    source: { kind: 'command', command: 'journalctl -fu app --since -5m -o cat' },
    mode: 'durable',
    merged: false,
    plan: planOf({}, { kind: 'command' }, 1),
    state: 'running',
    outcome: null,
    lines: 1_284_903,
    first: 0,
    next: fakeEnd,
    epoch: 1,
    gaps: 1,
    lost: 0,
    duplicated: 0,
    epochs: [],
    reset: null,
    paused: null,
    pinned: false,
    removed: null,
    createdAt: new Date(start).toISOString(),
    endedAt: null,
    tasks: hosts.map((host) => {
      if (host === 'db-02') return fakeTask(host, { state: 'ended', exitCode: 137, signal: 'KILL' })
      if (host === 'cache-01') return fakeTask(host, { state: 'ended', exitCode: 0 })
      return fakeTask(host)
    }),
    ...change,
  }
}

/** A run on this many hosts, in every state that a task can be in. */
export function fakeFleetRun(id: string, count = 220): Run {
  const names = Array.from({ length: count }, (_, at) => `web-${String(at + 1).padStart(3, '0')}`)
  const tasks = names.map((host, at) => ({ ...fakeTask(host, fleetState(host, at)), id: at }))
  return fakeRun(id, { target: `web-[001-${count}]`, tasks })
}

function fleetState(host: string, at: number): Partial<Task> {
  if (at % 97 === 41)
    return { state: 'needs-input', code: 'key-refused', message: `${host} did not accept any key.` }
  if (at % 29 === 7) {
    const message = `The host ${host} refused the connection on port 22. Check the port, and that sshd runs on the host.`
    return { state: 'failed', outBytes: 0, code: 'connection-refused', message }
  }
  if (at % 83 === 11) return { state: 'ended', exitCode: 137, signal: 'KILL' }
  if (at % 71 === 3)
    return { state: 'reconnecting', awaySince: new Date(fakeNow - 9_000).toISOString() }
  if (at > 180) return { state: 'queued', outBytes: 0, errBytes: 0, startedAt: null }
  if (at > 170) return { state: 'connecting', outBytes: 0, errBytes: 0 }
  return at % 3 === 0 ? {} : { state: 'ended', exitCode: 0 }
}

/** Its hosts are away, each in its own way; one could not hold it as it was asked for. */
export function fakeAwayRun(id: string, change: Partial<Run> = {}): Run {
  const away = (seconds: number) => new Date(fakeNow - seconds * 1_000).toISOString()
  const changes: Readonly<Record<string, Partial<Task>>> = {
    'edge-02': { state: 'reconnecting', awaySince: away(12) },
    'db-02': {
      state: 'needs-input',
      awaySince: away(96),
      code: 'key-refused',
      message:
        "db-02 did not accept any key for deploy. Add the public key to that user's authorized_keys, or give a password.",
    },
    'edge-01': { mode: 'plain' },
    'cache-01': { state: 'ended', exitCode: 0 },
  }
  return fakeRun(id, {
    tasks: hosts.map((host) => fakeTask(host, changes[host])),
    ...change,
  })
}

/** It was asked to stop while two of its hosts are away. */
export function fakeStoppingRun(id: string): Run {
  const run = fakeAwayRun(id, { state: 'stopping' })
  const tasks = run.tasks.map((task) =>
    task.awaySince === null
      ? fakeTask(task.host, { state: 'ended', exitCode: 143, signal: 'TERM' })
      : { ...task, state: 'stopping' as const, code: null, message: null },
  )
  return { ...run, tasks }
}

export const fakePaused =
  'The disk of the data directory is full. Make room on it: the run goes on by itself.'

export const hostKeyQuestion: Question = {
  kind: 'host-key',
  id: 1,
  host: '[web-04.example]:2222',
  address: '203.0.113.24',
  keyType: 'ED25519',
  fingerprint: 'SHA256:uNiVztksCsDhcc0u9e8BrrJXVGDdWs0fJ8F8ZLMqXBM',
}

export const passwordQuestion: Question = {
  kind: 'secret',
  id: 2,
  ask: 'password',
  prompt: "deploy@web-04.example's password: ",
  echo: false,
  refused: 1,
}

/** The time at which the pictures are taken. */
export const fakeNow: number = start + 252_300
