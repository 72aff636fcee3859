/** The stream of `GET /api/v1/firings/stream` (docs/protocol.md). */
import type { FiringsEvent } from '../../shared/protocol/alerts.ts'
import { pageFormat } from './page-format.ts'
import type { StreamFormat } from './stream-format.ts'
import { WireBlock } from './wire-block.ts'

export const firingsFormat: StreamFormat<FiringsEvent> = {
  encode: ({ pos, next, firings }) =>
    new WireBlock(
      `id: ${next}\nevent: firings\ndata: ${JSON.stringify({ pos, next, firings })}\n\n`,
    ),
  bye: (retryMs) => pageFormat.bye(retryMs),
}
