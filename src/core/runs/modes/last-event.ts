/** The events with which a session's reading is over. */
import type { SourceEvent } from './run-mode.ts'

export type LastEvent = Extract<
  SourceEvent,
  { kind: 'unsupported' | 'finished' | 'failed' | 'lost' | 'cut' }
>

/** After these events there is nothing more to read. */
export function isLast(event: SourceEvent): event is LastEvent {
  return ['unsupported', 'finished', 'failed', 'lost', 'cut'].includes(event.kind)
}
