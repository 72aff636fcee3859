/**
 * Program for the crash tests: appends lines to one run as fast as the store takes them, and says
 * on stdout which position each acknowledged append reached. Line n reads "line n".
 * Arguments: directory, sync, seed of the batch sizes, number of lines after which it stops, largest
 * batch, appends in flight.
 */
import { writeSync } from 'node:fs'
import { openSqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts'
import { crashRun, lineGroup } from './store-lines.ts'
import { takeOver } from './take-over.ts'

const [directory = '', sync = 'full', ...numbers] = process.argv.slice(2)
const [seed = 1, linesMax = 1_000_000, batchMax = 400, flyingMax = 16] = numbers.map(Number)

await using store = await openSqliteStore({
  directory,
  sync: sync === 'interval' ? 'interval' : 'full',
})
await store.catalog.create(crashRun, 'writer', { key: 'crash', digest: 'crash' })
const { run } = await takeOver(store.catalog, crashRun.id, 'writer')
const flying: Promise<void>[] = []
let random = seed
let pos = run.next
let outBytes = run.tasks[0]?.outBytes ?? 0
const end = pos + linesMax

say(`opened ${run.epoch} ${pos}`)
let failure: unknown
while (pos < end && failure === undefined) {
  const group = lineGroup(pos, nextSize())
  pos += group.count
  outBytes += group.bytes.length
  const tasks = run.tasks.map((task) => ({ ...task, outBytes }))
  flying.push(
    append({
      pos: pos - group.count,
      groups: [group],
      tasks,
      progress: [{ task: 0, value: String(pos) }],
    }),
  )
  if (flying.length >= flyingMax) await flying.shift()
}
await Promise.all(flying)
if (failure === undefined) say(`done ${pos}`)
else console.error(failure)
process.exitCode = failure === undefined ? 0 : 3

async function append(batch: {
  pos: number
  groups: ReturnType<typeof lineGroup>[]
  tasks: typeof run.tasks
  progress: { task: number; value: string }[]
}): Promise<void> {
  try {
    const answer = await store.log.append({ ...batch, run: run.id, epoch: run.epoch })
    if (answer.kind !== 'stored') throw new Error(`append was answered ${answer.kind}`)
    say(`acknowledged ${answer.next}`)
  } catch (thrown) {
    // What fails after the first failure follows from it.
    failure ??= thrown
  }
}

/** Straight to the descriptor, so that a kill right after cannot lose what was said. */
function say(text: string): void {
  writeSync(1, `${text}\n`)
}

/** 1 to `batchMax` lines; a small linear generator, as the seed must give the same sizes again. */
function nextSize(): number {
  random = (random * 1_103_515_245 + 12_345) % 2_147_483_648
  return 1 + (random % batchMax)
}
