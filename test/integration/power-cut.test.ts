/** F4: the disk of the data directory loses its power. What was acknowledged is there, as far as --sync promises. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { openSqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts'
import { canMount, type LoopDisk, mountLoop } from '../support/small-disk.ts'
import { checkLines, crashRun } from '../support/store-lines.ts'

const program = new URL('../support/store-writer.ts', import.meta.url).pathname
const seed = Number(process.env['FARGLASS_TEST_SEED'] ?? Date.now() % 1_000_000)

test.runIf(canMount)(
  `F4: with --sync full every acknowledged line survives a power cut, at 3 moments (seed ${seed})`,
  async () => {
    await using disk = await mountLoop(64)
    const directory = join(disk.directory, 'data')
    let acknowledged = 0
    for (let turn = 0; turn < 3; turn++) {
      const said = await cutAfter(20 + ((seed + turn * 37) % 60), { disk, directory, sync: 'full' })
      acknowledged = Math.max(acknowledged, ...said)
      await using store = await openSqliteStore({ directory, sync: 'full' })
      const { next, bytes } = await checkLines(store.log)
      expect(next).toBeGreaterThanOrEqual(acknowledged)
      const run = await store.catalog.get(crashRun.id)
      expect(run).toMatchObject({ first: 0, next, lines: next })
      expect(run?.tasks[0]?.outBytes).toBe(bytes)
    }
    expect(acknowledged).toBeGreaterThan(0)
  },
)

/** Power goes after so many acknowledgements; the machine comes up again. Gives the positions that were said. */
async function cutAfter(
  count: number,
  place: { disk: LoopDisk; directory: string; sync: 'full' | 'interval' },
): Promise<number[]> {
  const writer = startWriter([place.directory, place.sync, String(seed)])
  const positions: number[] = []
  const exit = once(writer, 'exit')
  if (writer.stdout === null) throw new Error('The writer has no stdout.')
  for await (const line of createInterface({ input: writer.stdout })) {
    const [word, number] = line.split(' ')
    if (word === 'acknowledged') positions.push(Number(number))
    if (positions.length !== count) continue
    place.disk.cutPower()
    writer.kill('SIGKILL')
  }
  await exit
  place.disk.restart()
  return positions
}

function startWriter(args: readonly string[]): ChildProcess {
  const node = ['--import', import.meta.resolve('tsx'), program, ...args]
  const child = spawn(process.execPath, node, { stdio: ['ignore', 'pipe', 'ignore'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}
