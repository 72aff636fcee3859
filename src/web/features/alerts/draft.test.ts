import { expect, it } from 'vitest'
import type { Alert } from '../../../shared/protocol/alerts.ts'
import { alertRequestSchema } from '../../../shared/protocol/alerts.ts'
import { scheduleRequestSchema } from '../../../shared/protocol/schedules.ts'
import { triggerRequestSchema } from '../../../shared/protocol/triggers.ts'
import { alertBody, alertDraftOf, emptyAlert } from './alert-draft.ts'
import { emptySchedule, scheduleBody, scheduleDraftOf } from './schedule-draft.ts'
import { emptyTrigger, triggerBody, triggerDraftOf } from './trigger-draft.ts'

const request = alertRequestSchema.parse({
  when: {
    kind: 'lines',
    filter: {
      texts: [
        { text: 'panic', regex: true, case: 'sensitive' },
        { text: 'test', not: true },
      ],
      channels: ['err', 'out'],
      levels: ['error'],
      hosts: ['web-1'],
    },
  },
  runs: { target: '@web', saved: 'deploy' },
  count: 3,
})
const alert: Alert = {
  ...request,
  name: 'panics',
  version: 2,
  webhooks: [{ id: 'ops', kind: 'slack', host: 'hooks.slack.com', hasSecret: false }],
  fired: 0,
  held: 0,
  skipped: 0,
  firings: [],
  deliveries: [],
}

it('an alert that is saved unchanged stays as it was, also what the form does not show', () => {
  const body = alertRequestSchema.parse(alertBody(alertDraftOf(alert), alert))
  expect(body).toEqual({ ...request, webhooks: [{ id: 'ops', kind: 'slack' }] })
})

it('a new alert holds what was typed, and nothing else', () => {
  const webhook = {
    id: '',
    kind: 'ntfy',
    url: ' https://ntfy.sh/ops ',
    secret: '',
    host: '',
    hasSecret: false,
  } as const
  const draft = { ...emptyAlert, kind: 'end', exitCodes: '1, 137', webhooks: [webhook] } as const
  expect(alertRequestSchema.parse(alertBody(draft, null))).toMatchObject({
    when: { kind: 'end', outcomes: ['failed', 'lost'], exitCodes: [1, 137] },
    runs: {},
    webhooks: [{ kind: 'ntfy', url: 'https://ntfy.sh/ops' }],
  })
})

it('a schedule and a trigger that are saved unchanged stay as they were', () => {
  const schedule = scheduleRequestSchema.parse({
    cron: '0 3 * * *',
    timeZone: 'Europe/Berlin',
    start: { saved: { name: 'backup', parameters: { mode: 'full' } }, target: '@db', fanout: 2 },
  })
  const shown = { ...schedule, name: 's', version: 1, next: [], waiting: null, history: [] }
  expect(scheduleRequestSchema.parse(scheduleBody(scheduleDraftOf(shown), shown))).toEqual(schedule)
  const trigger = triggerRequestSchema.parse({
    saved: 'deploy',
    parameters: { stage: 'prod' },
    mapping: { service: { path: 'repository.name', default: 'api' } },
    signature: 'github',
  })
  const { secret: _, ...rest } = trigger
  const kept = { ...rest, name: 't', version: 1, path: '', secret: null }
  expect(triggerRequestSchema.parse(triggerBody(triggerDraftOf(kept), kept))).toEqual(trigger)
})

it('new ones are what was typed', () => {
  const start = { ...emptySchedule, cron: '* * * * *', target: 'web-1', command: 'uptime' }
  expect(scheduleRequestSchema.parse(scheduleBody(start, null)).start).toEqual({
    target: 'web-1',
    source: { kind: 'command', command: 'uptime' },
  })
  const trigger = { ...emptyTrigger, saved: 'deploy', mapping: 'service=repository.name' }
  expect(triggerRequestSchema.parse(triggerBody(trigger, null))).toMatchObject({
    saved: 'deploy',
    mapping: { service: { path: 'repository.name' } },
  })
})
