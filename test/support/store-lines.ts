/** The run and the lines of the store's crash tests: each line says its own position. */
import { newTask } from '../../src/core/runs/task-state.ts'
import type { LogStore } from '../../src/core/store/log-store.ts'
import { type LineGroup, textsOf } from '../../src/shared/line-group.ts'
import type { Run } from '../../src/shared/run.ts'
import { sampleRun } from './sample-run.ts'

export const crashRun: Run = sampleRun({
  id: `r${'c'.repeat(25)}`,
  tasks: [{ ...newTask(0, 'web-1'), state: 'running' }],
})

/** Lines `pos` to before `pos + count` in one group. */
export function lineGroup(pos: number, count: number): LineGroup {
  const text = Array.from({ length: count }, (_, index) => `line ${pos + index}\n`).join('')
  const bytes = new TextEncoder().encode(text)
  return { task: 0, channel: 'out', time: 1_763_000_000_000, count, bytes, end: 'newline' }
}

/** Reads the whole log. Throws when a line is missing, doubled, damaged or out of its place. */
export async function checkLines(log: LogStore): Promise<{ next: number; bytes: number }> {
  let next = 0
  let bytes = 0
  for (;;) {
    const groups = await log.read(crashRun.id, next, 1024 * 1024)
    if (groups.length === 0) return { next, bytes }
    for (const group of groups) {
      if (group.pos !== next) throw new Error(`position ${group.pos} follows ${next - 1}`)
      next = checkTexts(next, textsOf(group))
      bytes += group.bytes.length
    }
  }
}

function checkTexts(pos: number, texts: readonly string[]): number {
  const wrong = texts.findIndex((text, index) => text !== `line ${pos + index}`)
  if (wrong >= 0) throw new Error(`position ${pos + wrong} holds "${texts[wrong]}"`)
  return pos + texts.length
}
