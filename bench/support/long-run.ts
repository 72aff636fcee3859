/** An ended run of millions of lines, written into a store of its own: nobody waits for a host to say them. */
import { openSqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts'
import { newTask } from '../../src/core/runs/task-state.ts'
import { limits } from '../../src/shared/limits.ts'
import type { LineGroup } from '../../src/shared/line-group.ts'
import type { Run } from '../../src/shared/run.ts'
import { sampleRun } from '../../test/support/sample-run.ts'

const linesPerBatch = 640
const batchesInFlightMax = Math.floor(limits.uncommittedBytesMax / limits.batchBytesMax)
const startMs = Date.parse('2026-01-01T00:00:00Z')

/** Makes the run in a data directory that no server has opened; gives its id. */
export async function makeLongRun(directory: string, lines: number): Promise<string> {
  const task = { ...newTask(0, 'web-1'), state: 'ended', exitCode: 0 } as const
  const run: Run = sampleRun({ id: `r${'long'.padEnd(25, '0')}` })
  await using store = await openSqliteStore({ directory, sync: 'interval' })
  await store.catalog.create(run, 'bench')
  const flying: Promise<unknown>[] = []
  for (let pos = 0; pos < lines; pos += linesPerBatch) {
    const count = Math.min(linesPerBatch, lines - pos)
    const groups = [groupOf(pos, count)]
    flying.push(store.log.append({ run: run.id, epoch: 1, pos, groups, tasks: [] }))
    if (flying.length >= batchesInFlightMax) await flying.shift()
  }
  await Promise.all(flying)
  const endedAt = new Date(startMs + lines).toISOString()
  const state = { state: 'ended', outcome: 'succeeded', endedAt } as const
  await store.catalog.save({ run: run.id, epoch: 1, tasks: [task], state })
  return run.id
}

/** Each line says its own position; some have colours, as logs do. */
function groupOf(pos: number, count: number): LineGroup {
  const text = Array.from({ length: count }, (_, at) => lineOf(pos + at)).join('')
  const bytes = new TextEncoder().encode(text)
  return { task: 0, channel: 'out', time: startMs + pos, count, bytes, end: 'newline' }
}

function lineOf(pos: number): string {
  const level = pos % 4 === 0 ? '\u001b[33mWARN\u001b[0m' : 'INFO'
  return `${level} line ${pos} worker-${pos % 9} processed job ${pos * 7} in 231ms queue=default\n`
}
