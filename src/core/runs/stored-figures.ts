/** What `/metrics` says of lines that were just committed, notes of loss included. */
import { type LineGroup, textsOf } from '../../shared/line-group.ts'
import { noteKind } from '../../shared/note.ts'
import type { MetricName } from '../metrics/metric-table.ts'
import type { Metrics } from '../metrics/metrics.ts'

/** By the kind of the note: what a note tells is counted once it is stored, so both say the same. */
const countedNotes: ReadonlyMap<string, MetricName<'counter'>> = new Map([
  ['gap', 'farglass_gaps_total'],
  ['reconnected', 'farglass_reconnects_total'],
])

export function countStored(metrics: Metrics, groups: readonly LineGroup[]): void {
  let lines = 0
  let bytes = 0
  for (const group of groups) {
    if (group.channel === 'note') countNotes(metrics, group)
    else {
      lines += group.count
      bytes += group.bytes.length
    }
  }
  metrics.add('farglass_stored_lines_total', lines)
  metrics.add('farglass_stored_bytes_total', bytes)
}

function countNotes(metrics: Metrics, group: LineGroup): void {
  for (const text of textsOf(group)) {
    const name = countedNotes.get(noteKind(text))
    if (name !== undefined) metrics.add(name)
  }
}
