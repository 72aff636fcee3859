/** The stream of `GET /api/v1/runs/{id}/groups/stream`: one event for each change (docs/protocol.md). */
import type { GroupedRun } from '../../shared/protocol/groups.ts'
import { pageFormat } from './page-format.ts'
import { type StreamFormat, sharedEncoder } from './stream-format.ts'
import { WireBlock } from './wire-block.ts'

export const groupsFormat: StreamFormat<GroupedRun> = {
  encode: sharedEncoder<void, GroupedRun>((groups) => {
    const event = `event: groups\nid: ${groups.next}\ndata: ${JSON.stringify(groups)}\n\n`
    return new WireBlock(groups.isFinal ? `${event}event: end\ndata: {}\n\n` : event)
  }),
  bye: (retryMs) => pageFormat.bye(retryMs),
}
