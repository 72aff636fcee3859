/** How long runs are kept, as the server goes by it. */
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { createRetentionApi } from '../../../client/retention-api.ts'
import type { RetentionPolicy } from '../../../shared/retention.ts'
import { useApp } from '../../app/app-context.ts'

/** Null until that is known; asked anew when the reason to ask is another one. */
export function useRules(reason: string): RetentionPolicy | null {
  const { session } = useApp()
  const rules = useSignal<RetentionPolicy | null>(null)
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- the reason only says when
  useEffect(() => {
    // Without them the page only does not say how long lines are kept.
    createRetentionApi((path, init) => session.api.request(path, init))
      .rules()
      .then((found) => {
        rules.value = found
      }, nothing)
  }, [session, rules, reason])
  return rules.value
}

function nothing(): void {}
