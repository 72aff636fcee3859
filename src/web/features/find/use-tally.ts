/** All lines of the run in view, counted; anew when history is given anew. */
import { type ReadonlySignal, type Signal, useComputed, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Finder } from './finder.ts'
import { type KeptTallyOptions, keepTally } from './kept-tally.ts'
import type { LineTally } from './line-tally.ts'

export interface TallyWish extends Pick<KeptTallyOptions, 'by' | 'barsMax'> {
  readonly axis: () => KeptTallyOptions['axis']
}

export function useTally(
  { app, model }: Finder,
  { by, barsMax, axis }: TallyWish,
): ReadonlySignal<LineTally | null> {
  const shown: Signal<ReadonlySignal<LineTally | null> | null> = useSignal(null)
  const isKnown = model.run.value !== null
  const reset = model.resetFrom.value
  useEffect(() => {
    if (!isKnown) return undefined
    const kept = keepTally({ api: app.session.api, model, by, barsMax, axis: axis() })
    shown.value = kept.tally
    return () => {
      kept.close()
      shown.value = null
    }
    // The axis is that of the moment.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [isKnown, reset, model, by])
  return useComputed(() => shown.value?.value ?? null)
}
