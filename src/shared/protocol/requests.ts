/** Schemas of request bodies and queries. Values for the server; the page imports the types only. */
import { z } from 'zod'
import { commandComplaint } from '../command.ts'
import { limits } from '../limits.ts'
import { modeNames, runIdPattern } from '../run.ts'
import { batchPattern, runOrders } from '../run-plan.ts'
import {
  secretNameComplaint,
  secretNamePattern,
  secretsComplaint,
  secretValueComplaint,
} from '../run-secrets.ts'
import { sourceComplaint } from '../source.ts'

const command = z
  .string()
  .min(1, 'is empty')
  .superRefine((text, context) => {
    const complaint = commandComplaint(text)
    if (complaint !== undefined) context.addIssue({ code: 'custom', message: complaint })
  })

const lines = z
  .int()
  .min(0, 'is negative')
  .max(limits.followedLinesMax)
  .exactOptional()
  .describe(`last lines to begin with; ${limits.followedLinesDefault} without it`)

const source = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('command'), command }),
    z.strictObject({
      kind: z.literal('files'),
      paths: z.array(z.string()).min(1, 'is empty').max(limits.pathsPerRunMax).readonly(),
      lines,
    }),
    z.strictObject({ kind: z.literal('journal'), unit: z.string().min(1, 'is empty'), lines }),
    z.strictObject({ kind: z.literal('container'), name: z.string().min(1, 'is empty'), lines }),
  ])
  .superRefine((value, context) => {
    // The schema of the command has its own complaints.
    const found = value.kind === 'command' ? undefined : sourceComplaint(value)
    if (found === undefined) return
    context.addIssue({ code: 'custom', path: [...found.path], message: found.complaint })
  })

const timeoutMs = z.int().min(1).max(limits.timeoutMsMax)

/** How the run goes over its hosts. */
export const planFields = {
  fanout: z.int().min(1).max(limits.tasksPerRunMax).optional().describe('tasks at once'),
  batch: z
    .string()
    .regex(batchPattern, 'is neither a number of hosts nor a share of them, as "5" or "20%"')
    .optional()
    .describe('hosts of a batch, as "5" or "20%": the next one begins when all of it have ended'),
  maxFailures: z
    .int()
    .min(0)
    .max(limits.tasksPerRunMax)
    .optional()
    .describe('when more tasks than this have failed, no further one is started'),
  taskTimeoutMs: timeoutMs.optional().describe('so long after its start a task is stopped'),
  timeoutMs: timeoutMs.optional().describe('so long after it was made the whole run is stopped'),
  order: z.enum(runOrders).optional().describe('in which order hosts have their turn'),
}

const secrets = z
  .record(z.string(), z.string())
  .superRefine((values, context) => {
    const complain = (path: string[], message: string | undefined) => {
      if (message !== undefined) context.addIssue({ code: 'custom', path, message })
    }
    for (const [name, value] of Object.entries(values)) {
      const isUpper = secretNamePattern.test(name)
      if (!isUpper) complain([name], 'is not a name in upper case, as API_TOKEN')
      else complain([name], secretNameComplaint(name) ?? secretValueComplaint(value))
    }
    complain([], secretsComplaint(Object.values(values)))
  })
  .describe(
    'variables of the command by name; the answer, the store and the log never hold the values',
  )

/** What a run is made of; `startRunSchema` is the body that starts one. */
export const runRequestSchema = z.strictObject({
  target: z.string().min(1, 'is empty').max(limits.targetCharsMax),
  source,
  mode: z.enum(modeNames).optional(),
  merged: z.boolean().optional(),
  secrets: secrets.optional(),
  sudo: z
    .boolean()
    .optional()
    .describe('run the command as root, by sudo; its password is asked once'),
  confirm: z
    .boolean()
    .optional()
    .describe('a person has agreed, where the saved command or a group of the target wants that'),
  ...planFields,
})
export type RunRequest = z.infer<typeof runRequestSchema>

/** Body of `POST /run`, the article's own route. */
export const articleRunSchema = z.object({
  host: z.string().min(1, 'is empty').max(limits.hostCharsMax),
  username: z.string().max(limits.userCharsMax).default(''),
  password: z.string().max(limits.secretCharsMax).default(''),
  command,
  confirm: z.string().optional(),
})

/** Body of `POST /api/v1/runs/{id}/tasks/{task}/answer`. */
export const answerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('trust'),
    question: z.int().min(0),
    fingerprint: z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'is not a SHA256 fingerprint'),
  }),
  z.strictObject({
    kind: z.literal('secret'),
    question: z.int().min(0),
    secret: z.string().max(limits.secretCharsMax),
  }),
  z.strictObject({ kind: z.literal('cancel'), question: z.int().min(0) }),
])

export const runIdSchema = z.string().regex(runIdPattern, 'is not a run id')

/** A cursor in a query or header: a whole number from 0 up. */
export const cursorSchema = z
  .string()
  .regex(/^[0-9]{1,16}$/, 'is not a whole number from 0 up')
  .transform(Number)
  .refine(Number.isSafeInteger, 'is too large')

export const runStateSchema = z.enum(['queued', 'running', 'stopping', 'ended'])
