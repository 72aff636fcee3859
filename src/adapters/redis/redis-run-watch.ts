/** The bell of runs by Redis: each append and each save publishes, whoever watches the run hears it. */
import { z } from 'zod'
import type { PartialNews, RunNews, RunWatch } from '../../core/nodes/run-watch.ts'
import { limits } from '../../shared/limits.ts'
import type { RunId } from '../../shared/run.ts'
import type { RedisKeys } from './keys.ts'
import type { RedisLink } from './redis-link.ts'
import type { RedisSubscriber } from './redis-subscriber.ts'

export interface RedisWatchParts {
  readonly connection: RedisLink
  readonly subscriber: RedisSubscriber
  readonly keys: RedisKeys
}

export class RedisRunWatch implements RunWatch {
  readonly #parts: RedisWatchParts

  constructor(parts: RedisWatchParts) {
    this.#parts = parts
  }

  watch(id: RunId, onNews: (news: RunNews) => void, signal: AbortSignal): void {
    if (signal.aborted) return
    const { subscriber, keys } = this.#parts
    const leave = subscriber.listen(keys.bell(id), {
      onText: (text) => onNews(newsOf(text)),
      onMissed: () => onNews({ kind: 'state' }),
    })
    signal.addEventListener('abort', leave, { once: true })
  }

  tell(id: RunId, partial: PartialNews): void {
    const { connection, keys } = this.#parts
    // Who does not hear it sees the whole line when it is there.
    connection.send(['PUBLISH', keys.bell(id), JSON.stringify(partial)]).catch(() => {})
  }
}

const partialSchema = z.object({
  kind: z.literal('partial'),
  at: z.number().int().nonnegative(),
  task: z.number().int().nonnegative(),
  channel: z.enum(['out', 'err']),
  text: z.string().max(limits.partialBytesMax),
})

/** Anything else than an unfinished line only says that something has changed. */
function newsOf(text: string): RunNews {
  if (/^\d+$/.test(text)) return { kind: 'lines' }
  if (!text.startsWith('{')) return { kind: 'state' }
  try {
    return partialSchema.parse(JSON.parse(text))
  } catch {
    return { kind: 'state' }
  }
}
