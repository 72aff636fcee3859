/** Where the exact bytes of one task's channel are. */
import type { Channel } from '../../../shared/channel.ts'
import type { RunId } from '../../../shared/run.ts'

export function rawAddress(id: RunId, task: number, channel: Channel): string {
  return `/api/v1/runs/${id}/raw?task=${task}&channel=${channel}`
}
