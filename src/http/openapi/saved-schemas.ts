/** Saved commands in the OpenAPI document. */
import { z } from 'zod'
import type { Unreadable } from '../../shared/listing.ts'
import { savedCommandFields } from '../../shared/protocol/saved-commands.ts'
import type { StoredCommand } from '../../shared/saved-command.ts'
import { unreadableSchema } from './unreadable-schema.ts'

export const storedCommandSchema: z.ZodType<StoredCommand> = z
  .object({
    ...savedCommandFields,
    version: z.int().describe('rises with each change'),
  })
  .meta({ id: 'SavedCommand' })

export const importedSchema: z.ZodType<{ readonly commands: readonly StoredCommand[] }> = z.object({
  commands: z.array(storedCommandSchema),
})

export const savedListSchema: z.ZodType<{
  readonly commands: readonly StoredCommand[]
  readonly unreadable: readonly Unreadable[]
}> = z.object({ commands: z.array(storedCommandSchema), unreadable: unreadableSchema })
