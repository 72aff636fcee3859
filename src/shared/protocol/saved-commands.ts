/** Schemas of saved commands, for API and YAML alike. Values for the server; the page imports the types only. */
import { z } from 'zod'
import { commandComplaint } from '../command.ts'
import { limits } from '../limits.ts'
import { modeNames } from '../run.ts'
import { parameterNamePattern, type SavedCommand, savedNamePattern } from '../saved-command.ts'
import { savedComplaint } from '../saved-complaint.ts'
import { planFields } from './requests.ts'

const line = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[^\p{Cc}\p{Surrogate}]*$/u, 'holds a control character or half of one')
const label = line(limits.savedLabelCharsMax)
const value = z.string().max(limits.parameterCharsMax)
const finite = z.number().min(-limits.parameterNumberMax).max(limits.parameterNumberMax)
const length = z.int().min(0, 'is negative').max(limits.parameterCharsMax)

export const savedNameSchema: z.ZodType<string, string> = z
  .string()
  .max(limits.savedNameCharsMax)
  .regex(savedNamePattern, 'is no name of small letters, digits, ".", "_" and "-"')
  .refine((name) => name !== 'export' && name !== 'import', 'is a word of the API itself')

const anyParameter = {
  name: z
    .string()
    .max(limits.savedNameCharsMax)
    .regex(parameterNamePattern, 'is no name of small letters, digits and "_"')
    .describe('of the environment variable too'),
  label: label.exactOptional().describe('for people; the name without it'),
  required: z
    .boolean()
    .exactOptional()
    .describe('false: it may be left out, and is empty then; one with a default is never missing'),
}

const parameter = z
  .discriminatedUnion('kind', [
    z.strictObject({
      ...anyParameter,
      kind: z.literal('text'),
      default: value.exactOptional(),
      pattern: z
        .string()
        .max(limits.savedLabelCharsMax)
        .exactOptional()
        .describe('regular expression of JavaScript that the whole text must match'),
      minLength: length.exactOptional(),
      maxLength: length.exactOptional(),
    }),
    z.strictObject({
      ...anyParameter,
      kind: z.literal('choice'),
      choices: z.array(value).min(1, 'is empty').max(limits.parameterChoicesMax),
      default: value.exactOptional(),
    }),
    z.strictObject({
      ...anyParameter,
      kind: z.literal('number'),
      default: finite.exactOptional(),
      min: finite.exactOptional(),
      max: finite.exactOptional(),
      integer: z.boolean().exactOptional(),
    }),
    z.strictObject({ ...anyParameter, kind: z.literal('secret') }),
    z.strictObject({
      ...anyParameter,
      kind: z.literal('per-host'),
      values: z.record(z.string().min(1).max(limits.targetCharsMax), value),
      default: value.exactOptional().describe('on hosts that no target of it selects'),
    }),
  ])
  .meta({ id: 'Parameter' })

const lines = z.int().min(0, 'is negative').max(limits.followedLinesMax).exactOptional()
const template = z.string().min(1, 'is empty')

/** As that of a run, but for `{{name}}` in what is followed. */
const source = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('command'),
    command: z
      .string()
      .superRefine(complain(commandComplaint))
      .describe('has its parameters as environment variables: "$name"'),
  }),
  z.strictObject({
    kind: z.literal('files'),
    paths: z
      .array(template.max(limits.fileNameBytesMax))
      .min(1, 'is empty')
      .max(limits.pathsPerRunMax)
      .describe('{{name}} stands for the value of a parameter'),
    lines,
  }),
  z.strictObject({ kind: z.literal('journal'), unit: template, lines }),
  z.strictObject({ kind: z.literal('container'), name: template, lines }),
])

/** Its fields, one by one. */
export const savedCommandFields = {
  name: savedNameSchema,
  description: z.string().max(limits.savedTextCharsMax).exactOptional(),
  tags: z
    .array(line(limits.savedNameCharsMax).min(1, 'is empty'))
    .max(limits.savedTagsMax)
    .exactOptional(),
  target: z.string().min(1, 'is empty').max(limits.targetCharsMax).exactOptional(),
  source,
  parameters: z.array(parameter).max(limits.parametersMax).exactOptional(),
  mode: z.enum(modeNames).exactOptional(),
  merged: z.boolean().exactOptional(),
  sudo: z.boolean().exactOptional(),
  confirm: z
    .union([z.boolean(), z.string().min(1, 'is empty').max(limits.savedTextCharsMax)])
    .exactOptional()
    .describe('a person is asked before the start, with this text'),
  plan: z.strictObject(planFields).exactOptional(),
  keepDays: z.int().min(1).max(limits.keepDaysMax).exactOptional(),
}

/** A saved command as people write it: a document of YAML, or what the page sends. */
export const savedCommandSchema: z.ZodType<SavedCommand> = z
  .strictObject(savedCommandFields)
  .superRefine((command, context) => {
    const found = savedComplaint(command)
    if (found === undefined) return
    context.addIssue({ code: 'custom', path: [...found.path], message: found.complaint })
  })

const versionSchema = z.int().min(0)

/** Anything with a version, as a stored command is given out. */
export const versionedSchema = z.looseObject({ version: versionSchema })

/** Body of `PUT /api/v1/commands/{name}`. */
export const putCommandSchema = z.strictObject({
  command: savedCommandSchema,
  version: versionSchema
    .optional()
    .describe('the one that was changed, 0 for a new one: refused when another one is stored'),
})

/** Values by the name of their parameter. */
export const parameterValuesSchema = z.record(
  z.string().max(limits.savedNameCharsMax),
  z.union([z.string().max(limits.parameterCharsMax), z.number()]),
)

/** What stands in the place of `source` when a saved command is started. */
export const savedStartSchema = z.strictObject({
  name: savedNameSchema,
  parameters: parameterValuesSchema.optional(),
  version: versionSchema
    .optional()
    .describe('the one that was looked at: refused when it was changed meanwhile'),
})
export type SavedStart = z.infer<typeof savedStartSchema>

/** Body of `POST /api/v1/commands/import`. */
export const importCommandsSchema = z.strictObject({
  yaml: z.string().min(1, 'is empty').max(limits.savedYamlBytesMax),
})

function complain(complaintOf: (text: string) => string | undefined) {
  return (text: string, context: z.core.$RefinementCtx<string>) => {
    const complaint = complaintOf(text)
    if (complaint !== undefined) context.addIssue({ code: 'custom', message: complaint })
  }
}
