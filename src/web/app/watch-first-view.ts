/** Says when no lines are to be waited for: only on a run that has some do other parts stand back. */
import { effect, type ReadonlySignal } from '@preact/signals'
import type { RunModel } from '../features/runs/run-model.ts'
import { endFirstView } from '../ui/first-view.ts'
import type { Router } from './router.ts'
import type { Session } from './session.ts'

export interface FirstViewParts {
  readonly router: Pick<Router, 'route' | 'query'>
  readonly session: Pick<Session, 'info' | 'problem'>
  readonly current: ReadonlySignal<RunModel | null>
}

/** The log itself says when its first lines are drawn. */
export function watchFirstView({ router, session, current }: FirstViewParts): void {
  effect(() => {
    // Views and filters of an address want their own parts.
    const isPlainLog = router.route.value.kind === 'run' && router.query.value === ''
    const isSignedOut = session.info.value?.signedIn === false || session.problem.value !== null
    if (!isPlainLog || isSignedOut || hasNoLines(current.value)) endFirstView()
  })
}

function hasNoLines(model: RunModel | null): boolean {
  if (model === null) return false
  const run = model.run.value
  return model.error.value !== null || (run !== null && run.next === run.first)
}
