/** What has come since the reader paused, of the lines that are scrolled. */
import type { RunModel } from '../runs/run-model.ts'

export interface Unread {
  readonly lines: number
  readonly errors: number
}

const nothing: Unread = { lines: 0, errors: 0 }

/** Of a filtered log only what its filters leave; which of that are errors is not counted. */
export function unreadOf(model: UnreadModel): Unread {
  const { unread, unreadErrors } = model.figures.value
  const from = model.unreadFrom.value
  if (model.follow.value || from === null) return nothing
  const lines = model.lines.value
  if (lines.countFrom === undefined) return { lines: unread, errors: unreadErrors }
  // Where the first of them stands may have to be asked for.
  void [lines.version.value, lines.fetched.value]
  return { lines: lines.countFrom(from) ?? 0, errors: 0 }
}

type UnreadModel = {
  readonly follow: Pick<RunModel['follow'], 'value'>
  readonly unreadFrom: Pick<RunModel['unreadFrom'], 'value'>
  readonly figures: {
    readonly value: Pick<RunModel['figures']['value'], 'unread' | 'unreadErrors'>
  }
  readonly lines: {
    readonly value: Pick<RunModel['lines']['value'], 'countFrom' | 'version' | 'fetched'>
  }
}
