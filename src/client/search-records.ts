/** Reads the answer of a search: one JSON object per line, each given as soon as it is there. */
import { AppError } from '../shared/errors.ts'
import type { HistogramAnswer, SearchRecord } from '../shared/protocol/search.ts'
import { array, asFields, text, whole } from './event-parser.ts'
import { linesOf } from './text-lines.ts'

/** Ends after `end`; rejects with `bad-response` when the answer ends without it. */
export async function* readRecords(response: Response): AsyncGenerator<SearchRecord> {
  for await (const line of linesOf(response)) {
    const record = asRecord(line)
    if (record !== undefined) yield record
    if (record?.kind === 'end') return
  }
  throw new AppError('bad-response', 'The search was cut off before its end.', {
    hint: 'Search again from where it was cut off.',
  })
}

/** A histogram as the server sends it. Throws `bad-response`. */
export function asHistogram(value: unknown): HistogramAnswer {
  const fields = asFields(value)
  for (const name of ['from', 'to', 'size', 'count', 'next']) whole(fields, name)
  for (const bucket of array(fields, 'buckets')) {
    for (const name of ['index', 'pos', 'out', 'err', 'note']) whole(asFields(bucket), name)
  }
  // Its fields have been looked at.
  return fields as unknown as HistogramAnswer
}

/** Undefined for a kind that later versions may have. */
function asRecord(line: string): SearchRecord | undefined {
  const fields = asFields(parse(line))
  const { kind } = fields
  if (kind !== 'span' && kind !== 'end') return undefined
  for (const name of ['from', 'to', 'count']) whole(fields, name)
  if (kind === 'span') {
    text(fields, 'time')
    array(fields, 'lines')
  }
  // Its fields have been looked at.
  return fields as unknown as SearchRecord
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch (cause) {
    throw new AppError('bad-response', 'A search record is not JSON.', { cause })
  }
}
