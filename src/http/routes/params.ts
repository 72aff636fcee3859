/** Numbers in addresses. */
import { z } from 'zod'
import { cursorSchema } from '../../shared/protocol/requests.ts'

/** A whole number within bounds, from the text of a query or path. */
export function countParam(min: number, max: number) {
  const complaint = `must be a whole number from ${min} to ${max}`
  return z
    .string()
    .regex(/^[0-9]{1,10}$/, complaint)
    .transform(Number)
    .refine((value) => value >= min && value <= max, complaint)
    .meta({ type: 'integer', minimum: min, maximum: max })
}

/** `from=`: the first position that is wanted, the beginning without it. */
export const fromParam = cursorSchema
  .default(0)
  .meta({ type: 'integer', minimum: 0, description: 'cursor: the first position wanted' })

/** Number of a task; which ones exist is the run's own matter. */
export const taskParam = countParam(0, 999_999).describe('number of the task')
