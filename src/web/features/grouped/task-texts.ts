/** The lines of tasks whose panes are open, read as far as somebody wants them and kept while they grow. */
import type { FarglassApi } from '../../../client/api.ts'
import { limits } from '../../../shared/limits.ts'
import type { WireLine } from '../../../shared/protocol/events.ts'
import type { RunId } from '../../../shared/run.ts'

export interface TaskTexts {
  /** At least so many lines of stdout and stderr, in the order of their positions, where there are as many. */
  read(task: number, count: number): Promise<readonly WireLine[]>
}

interface Kept {
  readonly lines: readonly WireLine[]
  readonly next: number
}

const nothing: Kept = { lines: [], next: 0 }

export function createTaskTexts(api: Pick<FarglassApi, 'matching'>, run: RunId): TaskTexts {
  const kept = new Map<number, Promise<Kept>>()

  async function readOn(task: number, before: Kept, count: number): Promise<Kept> {
    const lines = [...before.lines]
    let { next } = before
    while (lines.length < count) {
      const filter = { task: String(task), channel: 'out,err' }
      const page = await api.matching(run, { ...filter, from: next, limit: limits.pageLinesMax })
      const isOver = page.lines.length === 0 && page.stopped === undefined
      if (isOver || (page.stopped !== undefined && page.next === next)) break
      lines.push(...page.lines)
      next = page.next
    }
    return { lines, next }
  }

  return {
    async read(task, count) {
      const before = kept.get(task) ?? Promise.resolve(nothing)
      // One after the other: two that read the same lines would have them twice.
      const reading = before.catch(() => nothing).then((known) => readOn(task, known, count))
      kept.set(task, reading)
      return (await reading).lines
    },
  }
}
