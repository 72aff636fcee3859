/** The secrets of one run while it is carried: what its command is given, and what is hidden in its output. */
import { limits } from '../../shared/limits.ts'
import type { Secret } from '../../shared/secret.ts'
import { OutputMask } from './output-mask.ts'
import { secretForms } from './secret-forms.ts'
import { SecretPatterns } from './secret-patterns.ts'

export interface SecretValues {
  /** Variables of the command, by name. */
  readonly variables: ReadonlyMap<string, Secret>
}

export class RunSecrets {
  readonly values: SecretValues
  #patterns: SecretPatterns | undefined

  constructor(values: SecretValues) {
    this.values = values
  }

  /** Built when the first output comes, and shared by all hosts. */
  get patterns(): SecretPatterns {
    this.#patterns ??= new SecretPatterns(
      [...this.values.variables.values()].flatMap((secret) => secretForms(secret.reveal())),
    )
    return this.#patterns
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
