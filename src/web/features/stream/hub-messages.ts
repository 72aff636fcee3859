/** What a tab and the worker that holds the one stream of the browser say to each other. */
import type { ReadPlace } from '../../../shared/epochs.ts'
import type { ErrorCode } from '../../../shared/errors.ts'
import type { StreamEvent } from '../../../shared/protocol/events.ts'
import type { RunId } from '../../../shared/run.ts'

export type TabMessage = JoinMessage | TakenMessage | { readonly kind: 'leave' }

export interface JoinMessage extends ReadPlace {
  readonly kind: 'join'
  readonly run: RunId
  /** A lock that the tab holds as long as it lives; null where there are none. */
  readonly lock: string | null
  /** What others are told of who sits here: one for all tabs, as they share the stream. */
  readonly name: string
}

/** The tab has done with events of so many characters. */
export interface TakenMessage {
  readonly kind: 'taken'
  readonly chars: number
}

export type HubMessage =
  | { readonly kind: 'event'; readonly event: StreamEvent; readonly chars: number }
  | { readonly kind: 'live' }
  | { readonly kind: 'lost'; readonly retryMs: number }
  /** The tab is let go: it is to read up to `next` by pages, and to come again. */
  | { readonly kind: 'behind'; readonly next: number }
  | {
      readonly kind: 'failed'
      readonly code: ErrorCode
      readonly message: string
      readonly hint: string
    }
