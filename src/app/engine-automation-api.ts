/** What `createAutomationApi` is for a server, for an engine in this process. */
import type { ZodType } from 'zod'
import type { AutomationApi } from '../client/automation-api.ts'
import type { Automation } from '../http/parts.ts'
import { AppError } from '../shared/errors.ts'
import { issueText } from '../shared/issue-text.ts'
import { alertRequestSchema } from '../shared/protocol/alerts.ts'
import { automationNameSchema } from '../shared/protocol/automation.ts'
import { scheduleRequestSchema } from '../shared/protocol/schedules.ts'
import { triggerRequestSchema } from '../shared/protocol/triggers.ts'

/** What is written is checked here as the routes of a server check it. */
export function createEngineAutomationApi({
  alerts,
  schedules,
  triggers,
}: Automation): AutomationApi {
  return {
    alerts: {
      list: () => alerts.list(),
      get: (name) => alerts.get(name),
      put: async (name, written, version) =>
        alerts.put(named(name), checked(alertRequestSchema, written), version),
      remove: (name) => alerts.remove(name),
      test: (name) => alerts.test(name, new AbortController().signal),
      preview: async (name, written) => alerts.preview(name, checked(alertRequestSchema, written)),
      watch: () => {
        throw new AppError('conflict', 'No server runs here, and without one no alert fires.', {
          hint: 'Start "farglass serve", or name a server with --server.',
        })
      },
    },
    schedules: {
      list: () => schedules.list(),
      get: (name) => schedules.get(name),
      put: async (name, written, version) =>
        schedules.put(named(name), checked(scheduleRequestSchema, written), version),
      remove: (name) => schedules.remove(name),
      preview: async (_name, written) => schedules.preview(checked(scheduleRequestSchema, written)),
    },
    triggers: {
      list: () => triggers.list(),
      get: (name) => triggers.get(name),
      put: async (name, written, version) =>
        triggers.put(named(name), checked(triggerRequestSchema, written), version),
      remove: (name) => triggers.remove(name),
      test: (name, payload) => triggers.test(name, payload),
    },
  }
}

function named(name: string): string {
  if (automationNameSchema.safeParse(name).success) return name
  const hint = 'Write it in small letters, digits, "-", "_" and ".".'
  throw new AppError('bad-request', `"${name.slice(0, 60)}" is not a name for it.`, { hint })
}

function checked<T>(schema: ZodType<T>, written: object): T {
  const found = schema.safeParse(written)
  if (found.success) return found.data
  const [issue] = found.error.issues
  throw new AppError(
    'bad-request',
    `${issue === undefined ? 'It is not valid' : issueText(issue)}.`,
  )
}
