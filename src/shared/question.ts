/** What ssh wants to know from a person before it connects, and the answer. */

/** Texts come from hosts: show them as plain text, one line, control characters visible. */
export type Question =
  | {
      readonly kind: 'host-key'
      /** Unique within its run; an answer names it, so that a late answer cannot hit another question. */
      readonly id: number
      /** Host name (or `[name]:port`) as ssh will write it to known_hosts. */
      readonly host: string
      readonly address: string | null
      /** `ED25519`, `ECDSA`, `RSA` … */
      readonly keyType: string
      /** `SHA256:…` */
      readonly fingerprint: string
    }
  | {
      readonly kind: 'secret'
      readonly id: number
      readonly ask: 'password' | 'passphrase' | 'keyboard-interactive' | 'sudo'
      /** The prompt as ssh or the host wrote it. */
      readonly prompt: string
      /** The answer may be shown while it is typed. */
      readonly echo: boolean
      /** How often the same question was answered wrongly before. */
      readonly refused: number
    }

/** The answer on the wire: to trust one names the fingerprint again; `cancel` ends the task. */
export type Answer =
  | { readonly kind: 'trust'; readonly question: number; readonly fingerprint: string }
  | { readonly kind: 'secret'; readonly question: number; readonly secret: string }
  | { readonly kind: 'cancel'; readonly question: number }
