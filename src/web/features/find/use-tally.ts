/** All lines of the run in view, counted; anew when history is given anew. */
import {
  effect,
  type ReadonlySignal,
  type Signal,
  useComputed,
  useSignal,
  useSignalEffect,
} from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { RunModel } from '../runs/run-model.ts'
import type { Finder } from './finder.ts'
import { type KeptTallyOptions, keepTally } from './kept-tally.ts'
import type { LineTally } from './line-tally.ts'

export interface TallyWish extends Pick<KeptTallyOptions, 'by' | 'barsMax' | 'withLevels'> {
  readonly axis: () => KeptTallyOptions['axis']
}

/** Lines in sight come first: counting begins once no page has come for so long. */
const restMs = 300

export function useTally(
  { app, model }: Finder,
  { by, barsMax, axis, withLevels = false }: TallyWish,
): ReadonlySignal<LineTally | null> {
  const shown: Signal<ReadonlySignal<LineTally | null> | null> = useSignal(null)
  const isReady = useFirstLines(model).value
  const reset = model.resetFrom.value
  useEffect(() => {
    if (!isReady) return undefined
    const { api } = app.session
    const kept = keepTally({ api, model, by, barsMax, axis: axis(), withLevels })
    // What was counted before stands until the new counts are there.
    const stop = effect(() => {
      if (kept.tally.value !== null) shown.value = kept.tally
    })
    return () => {
      stop()
      kept.close()
    }
    // The axis is that of the moment.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [isReady, reset, model, by, withLevels])
  useEffect(() => () => void (shown.value = null), [reset, model, shown])
  return useComputed(() => shown.value?.value ?? null)
}

/** True once the reader has lines to look at, or there are none. */
function useFirstLines(model: RunModel): ReadonlySignal<boolean> {
  const isReady = useSignal(false)
  const hasLines = useComputed(() => {
    const { version, window } = model
    const isEmpty = window.end === window.first
    return version.value > 0 && (isEmpty || window.at(window.end - 1) !== undefined)
  })
  useSignalEffect(() => {
    // Each page that comes begins the wait anew.
    const pages = model.fetched.value
    if (isReady.peek() || !(hasLines.value || pages > 0)) return undefined
    const timer = setTimeout(() => {
      isReady.value = true
    }, restMs)
    return () => clearTimeout(timer)
  })
  return isReady
}
