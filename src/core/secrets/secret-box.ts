/** Port: seals secrets that must outlive the process, so that the store holds nothing to read. */
import type { Secret } from '../../shared/secret.ts'

/** Loads and makes its key when it is first used: who has no secrets needs none. Keys may change meanwhile. */
export interface SecretBox {
  /**
   * The secret as text that may be stored. `context` says what it is for (`run-secrets/ID`): it opens
   * nowhere else, so a sealed text that was moved or put back elsewhere is refused. Throws `secret-key`
   * when there is no key that may be used: a secret is never kept unsealed instead.
   */
  seal(secret: Secret, context: string): string
  /** Throws `secret-unreadable` for what was changed, or sealed by another key or for another context. */
  open(sealed: string, context: string): Secret
  /** The same, sealed with the key of now; as it is where that has sealed it, and where it cannot be opened. */
  reseal(sealed: string, context: string): string
  /** Name of the key that has sealed it; null where it cannot be opened. */
  keyOf(sealed: string, context: string): string | null
}
