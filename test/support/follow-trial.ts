/** One random trial: a program that writes and rotates, a follow that is cut, and what came of it. */
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RemoteHost } from '../../src/core/remote/remote-host.ts'
import { FollowedFiles } from './follow-files.ts'
import { removeFolder } from './remove-folder.ts'
import { checkLines, kindsOfTrials, type LineCheck, startRotatingLog } from './rotating-log.ts'
import { seededRandom } from './seeded-random.ts'
import { until } from './until.ts'

export interface TrialOptions {
  readonly host: RemoteHost
  readonly seed: number
  readonly seconds: number
  readonly linesPerSecond: number
  /** What a cut is; `follow.cut` when left out. */
  readonly cut?: () => void | Promise<unknown>
}

export interface TrialResult extends LineCheck {
  readonly written: number
  readonly rotations: number
  readonly cuts: number
  readonly gaps: number
  readonly story: string
}

export async function followTrial(options: TrialOptions): Promise<TrialResult> {
  const { host, seed, seconds, linesPerSecond } = options
  const random = seededRandom(seed)
  const kinds = random.pick([...kindsOfTrials])
  const directory = await mkdtemp(join(tmpdir(), 'fg-rotation-'))
  const file = join(directory, 'app.log')
  await using log = startRotatingLog({ file, linesPerSecond, seed, kinds })
  await using followed = await new FollowedFiles({ host, paths: [file], lines: 1 }).start()
  await until('the first line is stored', () => followed.lines().length > 0)
  let cuts = 0
  const end = performance.now() + seconds * 1_000
  while (performance.now() < end) {
    await sleep(random.between(200, 2_000))
    followed.cut(random.between(0, 1_500))
    await options.cut?.()
    cuts += 1
  }
  const { lines, rotations } = await log.stop()
  const isThere = () => followed.lines().some((line) => Number(line.slice(0, 9)) === lines - 1)
  // What was written before the last line may come after it, when it is a late write.
  const isWhole = () => isThere() && checkLines(followed.lines(), lines).lost === 0
  await until('all is stored', isWhole).catch(() => {})
  const check = checkLines(followed.lines(), lines)
  const story = `seed ${seed} (${kinds.join(', ')}): ${followed.story()} ${followed.broken ?? ''}`
  await removeFolder(directory)
  return { ...check, written: lines, rotations, cuts, gaps: followed.gaps.length, story }
}
