/** Schema of the sealed secrets of a run. */
import { z } from 'zod'

export const sealedSecretsSchema = z.object({ sealed: z.string(), keptAt: z.number() })
