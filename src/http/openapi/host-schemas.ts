/** Hosts in the OpenAPI document. */
import { z } from 'zod'
import type { Completions } from '../../shared/protocol/completion.ts'
import {
  checkSteps,
  type HostCheck,
  type HostDetails,
  type HostList,
} from '../../shared/protocol/hosts.ts'
import { runIdSchema } from '../../shared/protocol/requests.ts'

const entry = {
  name: z.string(),
  config: z
    .object({ file: z.string(), line: z.int() })
    .nullable()
    .describe('where ssh_config names it'),
  lastRun: z
    .object({ id: runIdSchema, createdAt: z.iso.datetime() })
    .nullable()
    .describe('the newest run on it'),
}

export const hostListSchema: z.ZodType<HostList> = z.object({
  hosts: z.array(z.object(entry).meta({ id: 'Host' })),
  runs: z.int().describe('so many of the newest runs were looked at'),
})

const ssh = z
  .object({
    hostName: z.string(),
    port: z.int(),
    user: z.string(),
    proxyJump: z.string().nullable(),
    proxyCommand: z.string().nullable(),
    identityFiles: z.array(z.string()),
    certificateFiles: z.array(z.string()),
  })
  .nullable()
  .describe('null when ssh cannot say')

export const hostDetailsSchema: z.ZodType<HostDetails> = z.object({ ...entry, ssh })

export const hostCheckSchema: z.ZodType<HostCheck> = z.object({
  name: z.string(),
  ok: z.boolean(),
  durable: z.boolean().nullable().describe('null when that is not known'),
  steps: z.array(
    z.object({
      step: z.enum(checkSteps),
      ok: z.boolean(),
      ms: z.int(),
      text: z.string(),
      hint: z.string().nullable(),
    }),
  ),
})

export const completionsSchema: z.ZodType<Completions> = z.object({
  candidates: z.array(z.string()).describe('each begins with the prefix; a directory ends with /'),
  isCut: z.boolean().describe('there are more than are given'),
})
