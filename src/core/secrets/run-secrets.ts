/** The secrets of one run while it is carried: what its command is given, and what is hidden in its output. */
import { limits } from '../../shared/limits.ts'
import type { Secret } from '../../shared/secret.ts'
import { OutputMask } from './output-mask.ts'
import { secretForms } from './secret-forms.ts'
import { SecretPatterns } from './secret-patterns.ts'
import type { SudoPassword } from './sudo-password.ts'

export interface SecretValues {
  /** Variables of the command, by name. */
  readonly variables: ReadonlyMap<string, Secret>
  /** Of a run by sudo. */
  readonly sudo?: SudoPassword
}

export class RunSecrets {
  readonly values: SecretValues
  #patterns: { readonly password: Secret | null; readonly found: SecretPatterns } | undefined

  constructor(values: SecretValues) {
    this.values = values
  }

  /** Built when the first output comes, and shared by all hosts; a sudo password may come later. */
  get patterns(): SecretPatterns {
    const { variables, sudo } = this.values
    const password = sudo?.password ?? null
    if (this.#patterns === undefined || this.#patterns.password !== password) {
      const all = [...variables.values(), ...(password === null ? [] : [password])]
      const forms = all.flatMap((secret) => secretForms(secret.reveal()))
      this.#patterns = { password, found: new SecretPatterns(forms) }
    }
    return this.#patterns.found
  }

  /** A sentence that may quote what a host said. */
  masked(text: string): string {
    const bytes = new TextEncoder().encode(text)
    const mask = new OutputMask(this.patterns, 0, 0)
    mask.push(bytes)
    mask.end(limits.maskedCharsMin)
    return new TextDecoder().decode(mask.masked(0, bytes))
  }
}
