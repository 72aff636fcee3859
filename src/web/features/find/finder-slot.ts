/** The finder of the run in view, for keys and for parts of the page that are drawn elsewhere; its code comes apart. */
import { type Signal, signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { AppModel } from '../../app/app-model.ts'
import { firstViewShown } from '../../ui/first-view.ts'
import type { RunModel } from '../runs/run-model.ts'
import { earlyKeys } from './early-keys.ts'
import type { Finder } from './finder.ts'

/** Null until it is loaded. */
export const finder: Signal<Finder | null> = signal(null)

/** Loads the finder while a run is in view. */
export function useFinder(app: AppModel, model: RunModel): void {
  useEffect(() => {
    let isGone = false
    const open = async (): Promise<void> => {
      // Only what the address filters needs it for its first lines.
      if (app.view.state.peek().filters.length === 0) await firstViewShown
      const part = await import('./finder.ts')
      if (!isGone) finder.value = new part.Finder(app, model)
    }
    // What cannot be loaded is told by the parts that are shown.
    open().catch(() => undefined)
    return () => {
      isGone = true
      earlyKeys.end()
      finder.peek()?.close()
      finder.value = null
    }
  }, [app, model])
}
