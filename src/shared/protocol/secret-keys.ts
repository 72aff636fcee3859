/** The keys that seal stored secrets, on the wire (docs/protocol.md). Never a key itself. */
import { z } from 'zod'

export const keyRoles = ['current', 'next', 'old'] as const

/** Answer of `GET /api/v1/secrets`. */
export interface SecretKeysReport {
  /** On the machine of the server. */
  readonly file: string
  /** The one that seals first; none before anything was sealed. */
  readonly keys: readonly SecretKeyUse[]
  /** Documents with a secret that no key here opens, as "trigger deploy". */
  readonly unreadable: readonly string[]
}

export interface SecretKeyUse {
  /** Made from the key, and says nothing about it. */
  readonly name: string
  readonly role: (typeof keyRoles)[number]
  /** So many stored secrets it has sealed. */
  readonly secrets: number
}

/** Body of `POST /api/v1/secrets/rotate`. */
export const rotateKeySchema = z.strictObject({
  forgetOld: z
    .boolean()
    .default(false)
    .describe(
      'take the old key out: nothing else that shares the file, or has a copy of it, needs it',
    ),
})

/** Its answer: how it is afterwards. */
export interface RotatedKey extends SecretKeysReport {
  /** So many stored secrets were sealed anew. */
  readonly resealed: number
}
