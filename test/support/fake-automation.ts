/** Alerts, schedules and triggers as a team would have them, for pictures. */
import type { Alert, Delivery, FiringNote } from '../../src/shared/protocol/alerts.ts'
import type { Schedule } from '../../src/shared/protocol/schedules.ts'
import type { Trigger } from '../../src/shared/protocol/triggers.ts'
import { fakeNow } from './fake-data.ts'

export type AutomationKind = keyof typeof fakes

export function isAutomation(kind: string | undefined): kind is AutomationKind {
  return kind !== undefined && kind in fakes
}

/** Answer of `GET /api/v1/alerts`, `…/schedules` or `…/triggers`. */
export function automationAnswer(kind: AutomationKind): object {
  return { [kind]: fakes[kind], unreadable: [] }
}

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
const at = (ms: number): string => new Date(fakeNow + ms).toISOString()

const firing: FiringNote = {
  id: 'f1',
  time: at(-12 * minuteMs),
  title: '5 lines of "pool exhausted" within 60 s on db-02',
  path: '/runs',
}

const delivered: Delivery = {
  firing: 'f1',
  webhook: 'slack',
  kind: 'slack',
  host: 'hooks.slack.com',
  time: at(-12 * minuteMs),
  state: 'delivered',
  tries: 1,
  status: 200,
  problem: null,
}

const silent = { fired: 0, held: 0, skipped: 0, firings: [], deliveries: [] } as const

const alerts: readonly Alert[] = [
  {
    ...silent,
    name: 'pool-exhausted',
    version: 2,
    enabled: true,
    when: { kind: 'lines', filter: { texts: [{ text: 'pool exhausted' }], levels: ['error'] } },
    runs: { target: '@db' },
    count: 5,
    withinSeconds: 60,
    cooldownSeconds: 300,
    desktop: true,
    webhooks: [{ id: 'slack', kind: 'slack', host: 'hooks.slack.com', hasSecret: false }],
    fired: 3,
    held: 41,
    firings: [firing],
    deliveries: [delivered],
  },
  {
    ...silent,
    name: 'backup-failed',
    version: 1,
    enabled: true,
    when: { kind: 'end', outcomes: ['failed', 'lost'] },
    runs: { saved: 'nightly-backup' },
    count: 1,
    withinSeconds: 60,
    cooldownSeconds: 300,
    desktop: false,
    webhooks: [{ id: 'ntfy', kind: 'ntfy', host: 'ntfy.example.com', hasSecret: true }],
    fired: 1,
    firings: [{ ...firing, id: 'f2', title: 'nightly-backup failed on db-01', time: at(-dayMs) }],
    deliveries: [
      {
        ...delivered,
        firing: 'f2',
        webhook: 'ntfy',
        kind: 'ntfy',
        host: 'ntfy.example.com',
        time: at(-dayMs),
        state: 'failed',
        tries: 8,
        status: 503,
        problem: 'ntfy.example.com answered with 503 each time.',
      },
    ],
  },
  {
    ...silent,
    name: 'any-warning-on-edge',
    version: 1,
    enabled: false,
    when: { kind: 'lines', filter: { levels: ['warn', 'error'] } },
    runs: { target: '@edge' },
    count: 1,
    withinSeconds: 60,
    cooldownSeconds: 900,
    desktop: true,
    webhooks: [],
  },
]

const schedules: readonly Schedule[] = [
  {
    name: 'nightly-backup',
    version: 4,
    enabled: true,
    cron: '30 2 * * *',
    timeZone: 'Europe/Berlin',
    start: { target: '@db', saved: { name: 'nightly-backup', parameters: {} } },
    missed: 'run-once',
    overlap: 'skip',
    next: [at(16 * 60 * minuteMs), at(40 * 60 * minuteMs)],
    waiting: null,
    history: [
      { due: at(-8 * 60 * minuteMs), result: 'failed', run: null, problem: 'No host is in @db.' },
      { due: at(-32 * 60 * minuteMs), result: 'started', run: null, problem: null },
    ],
  },
  {
    name: 'disks',
    version: 1,
    enabled: true,
    cron: '*/15 * * * *',
    timeZone: 'UTC',
    start: { target: '@*', source: { kind: 'command', command: 'df -h' } },
    missed: 'skip',
    overlap: 'skip',
    next: [at(4 * minuteMs)],
    waiting: null,
    history: [],
  },
]

const triggers: readonly Trigger[] = [
  {
    name: 'deploy',
    version: 1,
    enabled: true,
    saved: 'restart-app',
    target: '@web',
    parameters: { service: 'app' },
    mapping: { revision: { path: 'head_commit.id' } },
    signature: 'github',
    path: '/api/v1/triggers/deploy/fire',
    secret: null,
  },
]

const fakes = { alerts, schedules, triggers } as const
