/** Keeps the lines that match a query in step with it and with the run: made anew when either has changed. */
import { batch, computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals'
import type { FarglassApi } from '../../../client/api.ts'
import type { RunModel } from '../runs/run-model.ts'
import { type LineQuery, MatchedLines } from '../viewer/matched-lines.ts'

export interface KeptMatchesOptions {
  readonly api: Pick<FarglassApi, 'search' | 'matching'>
  readonly model: RunModel
  /** What is looked for; null for nothing. The key tells whether it is another query than before. */
  readonly wanted: () => WantedLines | null
  /** Is given what the log scrolls, or highlights, at the moment when it changes. */
  readonly onChange?: (matches: MatchedLines | null) => void
}

export interface WantedLines {
  readonly key: string
  readonly query: LineQuery
}

export interface KeptMatches {
  readonly matches: ReadonlySignal<MatchedLines | null>
  close(): void
}

export function keepMatches(options: KeptMatchesOptions): KeptMatches {
  const { api, model, wanted, onChange } = options
  const matches = signal<MatchedLines | null>(null)
  const wantedNow = computed(wanted)
  /** Grows when what was counted is of another history than the run now has. */
  const outdated = signal(0)

  const open = (): void => {
    const query = wantedNow.peek()?.query
    const next =
      query === undefined
        ? null
        : new MatchedLines({ api, id: model.id, query, anchor: anchorOf(model), run: model.window })
    matches.peek()?.close()
    batch(() => {
      matches.value = next
      onChange?.(next)
    })
  }
  const key = computed(() => `${outdated.value} ${wantedNow.value?.key ?? ''}`)
  const stops = [
    effect(() => {
      void key.value
      untracked(open)
    }),
    effect(() => {
      void model.version.value
      const kept = matches.value
      if (kept === null) return
      if (kept.isOutdated) outdated.value = untracked(() => outdated.value) + 1
      else untracked(() => kept.grow())
    }),
    effect(() => {
      if (model.resetFrom.value !== null) outdated.value = untracked(() => outdated.value) + 1
    }),
  ]
  return {
    matches,
    close: () => {
      for (const stop of stops) stop()
      matches.peek()?.close()
    },
  }
}

/** Where the reader is: at the end while following, else at the first line in sight. */
function anchorOf(model: RunModel): number {
  const { window } = model
  const target = model.target.peek()?.pos
  const pos = model.follow.peek() ? window.end : (model.seen.peek().first ?? target ?? window.end)
  return Math.min(Math.max(pos, window.first), window.end)
}
