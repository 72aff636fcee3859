/** The stream of `GET /api/v1/runs/{id}/stream`: one event per feed item (docs/protocol.md). */
import type { FeedItem, Frame } from '../../core/runs/run-service.ts'
import type { Run, RunId } from '../../shared/run.ts'
import { linesJson } from './lines-json.ts'
import { type StreamFormat, sharedEncoder } from './stream-format.ts'
import { WireBlock } from './wire-block.ts'

export const pageFormat: StreamFormat = {
  encode: sharedEncoder((item) => encode(item, null)),
  bye,
}

/**
 * The same for a stream of several runs: each event names its run in `runId`, and its `id:` is
 * `<run>:<next>`. An item belongs to one run, so these blocks are shared as well.
 */
export function formatOfRun(run: RunId): StreamFormat {
  return { encode: (item) => encodeOfRun(item, run), bye }
}

const encodeOfRun = sharedEncoder<RunId>(encode)

function bye(retryMs: number): WireBlock {
  return new WireBlock(`event: bye\nretry: ${retryMs}\ndata: ${JSON.stringify({ retryMs })}\n\n`)
}

function encode(item: FeedItem, run: RunId | null): WireBlock {
  if (item.kind !== 'frame') return new WireBlock(changeText(item, run))
  return new WireBlock(event('lines', linesJson(item), { run, next: item.next }), 'latin1')
}

function changeText(item: Exclude<FeedItem, Frame>, run: RunId | null): string {
  switch (item.kind) {
    case 'run':
      return event('run', `{"run":${runJson(item.run)}}`, { run })
    case 'task':
      return event('task', JSON.stringify({ task: item.task }), { run })
    case 'partial': {
      const { task, channel, text } = item
      return event('partial', JSON.stringify({ task, channel, text }), { run })
    }
    case 'viewers':
      return event('viewers', JSON.stringify({ count: item.count, names: item.names }), { run })
    case 'marks':
      return event('marks', JSON.stringify({ marks: item.marks }), { run })
    case 'reset': {
      const { epoch, from, epochs } = item
      return event('reset', JSON.stringify({ epoch, from, epochs }), { run, next: from })
    }
    case 'end': {
      const { next } = item
      return event('end', `{"next":${next},"run":${runJson(item.run)}}`, { run, next })
    }
  }
}

const runTexts = new WeakMap<Run, string>()

/** A run of a thousand tasks is long, and its viewers all come to its end at once. */
function runJson(run: Run): string {
  let text = runTexts.get(run)
  if (text === undefined) {
    text = JSON.stringify(run)
    runTexts.set(run, text)
  }
  return text
}

/** `run` names the run on a stream of several; `next` is the cursor after the event. */
interface Marks {
  readonly run: RunId | null
  readonly next?: number
}

function event(name: string, json: string, { run, next }: Marks): string {
  const owner = run === null ? '' : `${run}:`
  const id = next === undefined ? '' : `id: ${owner}${next}\n`
  const data = run === null ? json : `{"runId":"${run}",${json.slice(1)}`
  return `${id}event: ${name}\ndata: ${data}\n\n`
}
