/** The unfinished last lines of a run, one per task and channel: a prompt, a progress bar. */
import type { PartialEvent, WireLine } from '../../../shared/protocol/events.ts'
import type { LineSequence } from '../viewer/line-sequence.ts'

export type Partials = ReadonlyMap<string, PartialEvent>

/** The new text of one channel; an empty one removes it. */
export function withPartial(partials: Partials, event: PartialEvent): Partials {
  const next = new Map(partials)
  if (event.text === '') next.delete(partialKey(event))
  else next.set(partialKey(event), event)
  return next
}

/** Whole lines replace what was unfinished of their channel. */
export function withoutPartials(partials: Partials, lines: readonly WireLine[]): Partials {
  if (partials.size === 0) return partials
  const done = new Set(lines.map(partialKey))
  const next = new Map([...partials].filter(([key]) => !done.has(key)))
  return next.size === partials.size ? partials : next
}

/** Those that stand below these lines. */
export function partialsOf(
  partials: Partials,
  { hasPartial }: Pick<LineSequence, 'hasPartial'>,
): Partials {
  if (hasPartial === undefined) return partials
  return new Map([...partials].filter(([, partial]) => hasPartial(partial)))
}

/** Of its task and channel: there is one of them. */
export function partialKey({
  task,
  channel,
}: {
  readonly task: number
  readonly channel: string
}): string {
  return `${task} ${channel}`
}
