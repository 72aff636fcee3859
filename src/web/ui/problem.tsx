/** Why something that was asked of the server did not work, where it was asked. */
import { type ReadonlySignal, useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { useMemo } from 'preact/hooks'
import { toAppError } from '../../shared/errors.ts'
import { Notice } from './notice.tsx'
import { Said, type Sayable } from './said.tsx'

export interface ProblemHolder {
  readonly sentence: ReadonlySignal<Sayable | null>
  say(sentence: Sayable | null): void
  /** Does it, and holds why it did not work. True when it did. */
  watch(act: () => Promise<void>): Promise<boolean>
  /** As `watch`, for what must not be done twice: false, and nothing else, while it is under way. */
  once(act: () => Promise<void>): Promise<boolean>
}

export function useProblem(): ProblemHolder {
  const sentence = useSignal<Sayable | null>(null)
  return useMemo(() => {
    const watch = async (act: () => Promise<void>): Promise<boolean> => {
      sentence.value = null
      try {
        await act()
        return true
      } catch (thrown) {
        sentence.value = toAppError(thrown)
        return false
      }
    }
    const say = (words: Sayable | null): void => {
      sentence.value = words
    }
    return { sentence, say, watch, once: oneAtATime(watch) }
  }, [sentence])
}

function oneAtATime(watch: ProblemHolder['watch']): ProblemHolder['once'] {
  let isUnderWay = false
  return async (act) => {
    if (isUnderWay) return false
    isUnderWay = true
    try {
      return await watch(act)
    } finally {
      isUnderWay = false
    }
  }
}

export function Problem({ of }: { readonly of: ProblemHolder }): VNode | null {
  if (of.sentence.value === null) return null
  return (
    <Notice tone="err">
      <Said of={of.sentence.value} />
    </Notice>
  )
}
