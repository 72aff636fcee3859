/** What nodes tell each other of the readers of a run, by PUBLISH: nothing of it is stored. */
import { z } from 'zod'
import type { RunWord, RunWords } from '../../core/nodes/run-words.ts'
import { limits } from '../../shared/limits.ts'
import type { RedisWatchParts } from './redis-run-watch.ts'

export function createRedisRunWords({ connection, subscriber, keys }: RedisWatchParts): RunWords {
  return {
    hear(id, onWord, signal) {
      if (signal.aborted) return
      const leave = subscriber.listen(keys.words(id), {
        onText: (text) => {
          const word = wordOf(text)
          if (word !== undefined) onWord(word)
        },
        onMissed: () => onWord({ kind: 'marks' }),
      })
      signal.addEventListener('abort', leave, { once: true })
    },
    say(id, word) {
      connection.send(['PUBLISH', keys.words(id), JSON.stringify(word)]).catch(() => {})
    },
  }
}

const wordSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('viewers'),
    node: z.string().min(1),
    count: z.int().min(0).max(limits.viewersMax),
    // A node of an older version says none.
    names: z
      .array(z.string().max(limits.viewerNameCharsMax))
      .max(limits.viewerNamesMax)
      .default([]),
  }),
  z.object({ kind: z.literal('marks') }),
])

/** Undefined for what a newer node says. */
function wordOf(text: string): RunWord | undefined {
  try {
    return wordSchema.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}
