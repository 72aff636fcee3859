/** Hosts in the OpenAPI document. */
import { z } from 'zod'
import type { Completions } from '../../shared/protocol/completion.ts'
import { errorCodeSchema, keptCheckSchema } from '../../shared/protocol/host-requests.ts'
import {
  checkSteps,
  type HostCheck,
  type HostDetails,
  type HostGroups,
  type HostList,
  type TargetPreview,
} from '../../shared/protocol/hosts.ts'
import { runIdSchema } from '../../shared/protocol/requests.ts'

const place = { file: z.string(), line: z.int() }

const source = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['ssh-config', 'file']), ...place }),
  z.object({ kind: z.literal('added') }),
])

const entry = {
  name: z.string(),
  config: z.object(place).nullable().describe('where ssh_config names it'),
  sources: z.array(source).describe('where it is known from; none for one of runs only'),
  destination: z.string().nullable().describe('where ssh goes; null for the name itself'),
  groups: z.array(z.string()),
  tags: z.array(z.string()).describe('each as env:prod'),
  note: z.string().nullable(),
  check: keptCheckSchema.nullable().describe('what the last check has found'),
  lastRun: z
    .object({ id: runIdSchema, createdAt: z.iso.datetime() })
    .nullable()
    .describe('the newest run on it'),
}

export const hostListSchema: z.ZodType<HostList> = z.object({
  hosts: z.array(z.object(entry).meta({ id: 'Host' })),
  runs: z.int().describe('so many of the newest runs were looked at'),
  complaints: z.array(z.string()).describe('what is wrong with the inventory file'),
})

export const hostGroupsSchema: z.ZodType<HostGroups> = z.object({
  groups: z.array(
    z.object({
      name: z.string(),
      hosts: z.array(z.string()),
      confirm: z.boolean().describe('people are asked once more before something runs on it'),
    }),
  ),
})

export const targetPreviewSchema: z.ZodType<TargetPreview> = z.object({
  hosts: z.array(z.string()),
  count: z.int(),
  folded: z.string().describe('the hosts written short'),
  confirm: z.array(z.string()).describe('groups before which people are asked once more'),
  complaint: z
    .object({ message: z.string(), hint: z.string() })
    .exactOptional()
    .describe('why it names no hosts'),
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

export const hostCheckSchema: z.ZodType<HostCheck> = keptCheckSchema.extend({
  name: z.string(),
  steps: z.array(
    z.object({
      step: z.enum(checkSteps),
      ok: z.boolean(),
      ms: z.int(),
      text: z.string(),
      hint: z.string().nullable(),
      code: errorCodeSchema.nullable().describe('of what went wrong'),
    }),
  ),
})

export const completionsSchema: z.ZodType<Completions> = z.object({
  candidates: z.array(z.string()).describe('each begins with the prefix; a directory ends with /'),
  isCut: z.boolean().describe('there are more than are given'),
})
