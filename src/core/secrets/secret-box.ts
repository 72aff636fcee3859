/** Port: seals secrets that must outlive the process, so that the store holds nothing to read. */
import type { Secret } from '../../shared/secret.ts'

/** Loads and makes its key when it is first used: who has no secrets needs none. */
export interface SecretBox {
  /**
   * The secret as text that may be stored. `context` says what it is for (`run-secrets/ID`): it opens
   * nowhere else, so a sealed text that was moved or put back elsewhere is refused. Throws `secret-key`
   * when there is no key that may be used: a secret is never kept unsealed instead.
   */
  seal(secret: Secret, context: string): string
  /** Throws `secret-unreadable` for what was changed, or sealed by another key or for another context. */
  open(sealed: string, context: string): Secret
}
