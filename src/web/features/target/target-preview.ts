/** What the target in the command bar names, asked of the server while somebody types. */
import { type Signal, signal } from '@preact/signals'
import type { FarglassApi } from '../../../client/api.ts'
import type { TargetPreview } from '../../../shared/protocol/hosts.ts'

export interface KnownPreview extends TargetPreview {
  readonly expression: string
}

type Asked = Pick<FarglassApi, 'target'>

/** Of what was typed last; null while that is not known. */
export const targetPreview: Signal<KnownPreview | null> = signal(null)

/** A pause in the typing that is long enough to ask. */
const pauseMs = 120

/** Asks once the typing pauses. Gives what takes the question back. */
export function watchTarget(api: Asked, typed: string): () => void {
  const expression = typed.trim()
  if (targetPreview.peek()?.expression === expression) return () => {}
  if (expression === '') {
    targetPreview.value = null
    return () => {}
  }
  let isLeft = false
  const timer = setTimeout(() => {
    previewOf(api, expression).then(
      (found) => {
        if (!isLeft) targetPreview.value = found
      },
      // Without it the target is what it is: the server decides when the run begins.
      () => {},
    )
  }, pauseMs)
  return () => {
    isLeft = true
    clearTimeout(timer)
  }
}

/** Rejects when the server does not answer. */
export async function previewOf(api: Asked, expression: string): Promise<KnownPreview> {
  const known = targetPreview.peek()
  if (known?.expression === expression) return known
  return { ...(await api.target(expression)), expression }
}
