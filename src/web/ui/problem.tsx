/** Why something that was asked of the server did not work, where it was asked. */
import { type ReadonlySignal, useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { useMemo } from 'preact/hooks'
import { sentenceOf, toAppError } from '../../shared/errors.ts'
import { Icon } from './icon.tsx'

export interface ProblemHolder {
  readonly sentence: ReadonlySignal<string | null>
  say(sentence: string | null): void
  /** Does it, and holds why it did not work. True when it did. */
  watch(act: () => Promise<void>): Promise<boolean>
}

export function useProblem(): ProblemHolder {
  const sentence = useSignal<string | null>(null)
  return useMemo(
    () => ({
      sentence,
      say: (words) => {
        sentence.value = words
      },
      watch: async (act) => {
        sentence.value = null
        try {
          await act()
          return true
        } catch (thrown) {
          sentence.value = sentenceOf(toAppError(thrown))
          return false
        }
      },
    }),
    [sentence],
  )
}

export function Problem({ of }: { readonly of: ProblemHolder }): VNode | null {
  if (of.sentence.value === null) return null
  return (
    <p class="notice tone-err" role="alert">
      <Icon name="warn" />
      {of.sentence.value}
    </p>
  )
}
