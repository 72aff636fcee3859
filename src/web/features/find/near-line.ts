/** Goes to the next or the previous line of a channel, wherever in the run it is. */
import type { FarglassApi, LineFilter } from '../../../client/api.ts'
import type { WireLine } from '../../../shared/protocol/events.ts'
import type { RunId } from '../../../shared/run.ts'
import type { AppModel } from '../../app/app-model.ts'
import { findText } from '../../i18n/find-text.ts'
import { lineQuery } from '../runs/line-query.ts'
import { type FilterRule, rulesOf } from '../runs/view-state.ts'

/** From the line cursor, or from what is in sight; says when there is none. */
export async function goNear(app: AppModel, channel: 'err' | 'note', step: 1 | -1): Promise<void> {
  const model = app.current.peek()
  const tasks = model?.run.peek()?.tasks
  if (model === null || tasks === undefined) return
  const t = findText.peek()
  const rules = rulesOf(app.view.state.peek()).filter(({ kind }) => kind !== 'channels')
  const rule: FilterRule = { kind: 'channels', channels: [channel] }
  const { fields } = lineQuery([...rules, rule], tasks)
  const pos = model.selected.peek() ?? model.seen.peek()[step > 0 ? 'first' : 'last'] ?? 0
  const line = await nearLine(app.api, { id: model.id, fields, pos, step }).catch(() => null)
  const none = channel === 'err' ? t.noErrorThere : t.noNoteThere
  if (line === null) app.say(none[step > 0 ? 'next' : 'previous'])
  else model.select({ line: line.pos, until: null })
}

interface NearAsk {
  readonly id: RunId
  readonly fields: LineFilter
  readonly pos: number
  readonly step: 1 | -1
}

/** Null when there is none that way. */
async function nearLine(
  api: Pick<FarglassApi, 'search'>,
  { id, fields, pos, step }: NearAsk,
): Promise<WireLine | null> {
  const range =
    step > 0
      ? { from: String(pos + 1), order: 'forward' as const }
      : { to: String(pos), order: 'backward' as const }
  const { signal } = new AbortController()
  // Leaving the loop ends the search.
  for await (const record of api.search(id, { ...fields, ...range, limit: 1 }, signal)) {
    if (record.kind === 'span' && record.lines[0] !== undefined) return record.lines[0]
  }
  return null
}
