/** Makes a host the target of the next command. */
import type { AppModel } from './app-model.ts'

/** The log in view stays; from any other page one goes to where a run begins. */
export function chooseHost({ draft, router }: AppModel, host: string): void {
  draft.target.value = host
  if (router.route.value.kind !== 'run') router.go('/')
  document.getElementById('command')?.focus()
}
