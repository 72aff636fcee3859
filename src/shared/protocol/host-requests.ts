/** Schemas of what is said of hosts: bodies of requests, and the same as it is stored. */
import { z } from 'zod'
import { parseDestination } from '../destination.ts'
import { AppError, type ErrorCode, errorTable } from '../errors.ts'
import { limits } from '../limits.ts'

const word = `letters, digits, "_", "." and "-"`

export const groupNameSchema = z
  .string()
  .max(limits.labelCharsMax)
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/, `is not the name of a group: it takes ${word}`)

export const tagSchema = z
  .string()
  .max(limits.labelCharsMax)
  .regex(/^[A-Za-z0-9_.-]+:[A-Za-z0-9_.-]+$/, `is not a tag as env:prod: both parts take ${word}`)

const destinationSchema = z
  .string()
  .max(limits.hostCharsMax)
  .superRefine((text, context) => {
    try {
      parseDestination(text)
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown
      context.addIssue({
        code: 'custom',
        message: `is no place that ssh goes to: ${thrown.message}`,
      })
    }
  })

const groups = z.array(groupNameSchema).max(limits.labelsPerHostMax).readonly()
const tags = z.array(tagSchema).max(limits.labelsPerHostMax).readonly()
const note = z.string().max(limits.noteCharsMax)

/** Body of `PUT /api/v1/hosts/{name}`. Closed: nobody gives ssh options by it. */
export const hostRequestSchema = z.strictObject({
  destination: destinationSchema.nullable().default(null).describe('null for the name itself'),
  groups: groups.default([]),
  tags: tags.default([]).describe('each as env:prod'),
  note: note.nullable().default(null),
})
export type HostRequest = z.input<typeof hostRequestSchema>
export type AddedHost = z.output<typeof hostRequestSchema>

/** Body of `POST /api/v1/hosts/check`. */
export const hostsCheckSchema = z.strictObject({
  target: z.string().min(1, 'is empty').max(limits.targetCharsMax),
})

// The keys of the table are the codes.
const codes = Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]]

/** One of our codes of errors. */
export const errorCodeSchema: z.ZodEnum<{ [code in ErrorCode]: code }> = z.enum(codes)

/** A check as it is stored. */
export const keptCheckSchema = z.object({
  checkedAt: z.iso.datetime(),
  ok: z.boolean(),
  reachable: z.boolean().nullable().describe('whether something answers there'),
  keyKnown: z.boolean().nullable().describe('whether its host key is the one that ssh knows'),
  signsIn: z.boolean().nullable().describe('whether the login was accepted without a person'),
  durable: z.boolean().nullable().describe('whether it can hold durable runs'),
  shell: z.string().nullable().describe('login shell of the user'),
  clockOffsetMs: z.number().nullable().describe('how far its clock is ahead of ours'),
  message: z.string().nullable().describe('what went wrong'),
  code: errorCodeSchema.nullable().default(null).describe('of the same'),
})
