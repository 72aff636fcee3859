/** F4: the disk of the data directory loses its power. What was acknowledged is there, as far as --sync promises. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { openSqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts'
import { type Farglass, startFarglass } from '../support/farglass.ts'
import { canMount, type LoopDisk, mountLoop } from '../support/small-disk.ts'
import { startSshd } from '../support/sshd.ts'
import { checkLines, crashRun } from '../support/store-lines.ts'
import { until } from '../support/until.ts'

const program = new URL('../support/store-writer.ts', import.meta.url).pathname
const seed = Number(process.env['FARGLASS_TEST_SEED'] ?? Date.now() % 1_000_000)

test.runIf(canMount)(
  `F4: with --sync full every acknowledged line survives a power cut, at 3 moments (seed ${seed})`,
  async () => {
    await using disk = await mountLoop(512)
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

test.runIf(canMount)(
  'F4: with --sync interval lines that were shown can be lost; viewers hear from where on and end with what is stored',
  async () => {
    await using sshd = await startSshd()
    await using disk = await mountLoop(512)
    const dataDirectory = join(disk.directory, 'data')
    const { sshConfigFile } = sshd
    const options = { sshConfigFile, dataDirectory, sync: 'interval', auth: 'none' } as const
    await using server = await startFarglass(options)
    const command = 'i=0; while :; do i=$((i+1)); seq $((i*20)) $((i*20+19)); sleep 0.005; done'
    const source = { kind: 'command', command } as const
    const { id } = await server.api.start({ target: sshd.alias, mode: 'plain', source })
    const viewer = watch(server, id)
    await until('lines are seen', () => viewer.texts.length > 200, 40_000)
    // A machine without power does not live to see that its disk has gone (see `cutPower`).
    process.kill(server.pid, 'SIGSTOP')
    disk.cutPower()
    await server.kill('SIGKILL')
    disk.restart()
    await server.restart()
    await viewer.done
    const run = await server.api.get(id)
    // Nearly always: only a machine that is too slow for the command may have synced all by then.
    const hasLost = (run.reset?.from ?? 0) < viewer.lengthAtLoss()
    expect(viewer.resets).toEqual(hasLost ? [run.reset?.from] : [])
    expect(viewer.texts).toEqual(await storedTexts(server, id))
    expect(run.next).toBe(viewer.texts.length)
  },
)

/** What a viewer of the run has on its screen, by position. */
function watch(server: Farglass, id: string) {
  const texts: string[] = []
  const resets: number[] = []
  let lengthAtLoss: number | undefined
  const follow = async (): Promise<void> => {
    for await (const event of server.api.follow(id, 0, AbortSignal.timeout(100_000))) {
      if (event.kind === 'lines') texts.push(...event.groups.flatMap((group) => [...group.lines]))
      if (event.kind === 'connection' && event.state === 'lost') lengthAtLoss ??= texts.length
      if (event.kind !== 'reset') continue
      resets.push(event.from)
      texts.length = event.from
    }
  }
  return { texts, resets, lengthAtLoss: () => lengthAtLoss ?? 0, done: follow() }
}

async function storedTexts(server: Farglass, id: string): Promise<string[]> {
  const texts: string[] = []
  for (;;) {
    const { lines } = await server.api.lines(id, texts.length, 1_000)
    if (lines.length === 0) return texts
    texts.push(...lines.map(({ text }) => text))
  }
}

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
    // Else it goes on for the moment that the cut takes, and may acknowledge what the disk then forgets.
    writer.kill('SIGSTOP')
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
