/** Many runs of few lines on one node at once, as most are: what a batch costs when its node is busy with others. */
import { execFileSync } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { get } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../../test/support/until.ts'
import type { BenchContext } from './claim.ts'
import { cpuMsOf, treeCpuMs } from './cost.ts'
import type { BenchNodes } from './nodes.ts'
import { redisCpuMs } from './redis-cost.ts'
import type { BenchServer } from './server.ts'
import { startTyped } from './typed-process.ts'

const manyRuns = 16
/** Between the last line and the end of its run. */
const storedWithinMs = 400

export interface ManyTurn {
  readonly batches: number
  readonly lines: number
  /** Of the node that carries them, and of its ssh. */
  readonly nodeCpuMs: number
  readonly sshCpuMs: number
  /** Of the node that follows them for somebody. */
  readonly followerCpuMs: number
  readonly redisCpuMs: number
}

export interface ManyLoad {
  /** Of each run, every line written on its own. */
  readonly linesPerSecond: number
  /** Somebody watches all of them at the other node. */
  readonly isFollowed: boolean
}

/** Throws when lines are missing. */
export async function carryMany(
  context: BenchContext,
  { redis, nodes: [owner, other] }: Pick<BenchNodes, 'redis' | 'nodes'>,
  { linesPerSecond, isFollowed }: ManyLoad,
): Promise<ManyTurn> {
  if (owner === undefined || other === undefined) throw new Error('There are no two nodes.')
  const all = manyRuns * linesPerSecond
  const count = all * (context.quick ? 1 : 2)
  const folder = await mkdtemp(join(context.folder, 'pipes-'))
  const pipes = Array.from({ length: manyRuns }, (_, at) => join(folder, `pipe-${at}`))
  execFileSync('mkfifo', pipes)
  const started: string[] = []
  for (const pipe of pipes) {
    const source = { kind: 'command', command: `cat '${pipe}'` } as const
    started.push((await owner.start({ target: context.sshd.alias, source })).id)
  }
  await until('all commands run', async () => (await running(owner)) === manyRuns)
  const follower = isFollowed ? followAll(other, started) : undefined
  await follower?.open
  const appended = () => owner.figure('farglass_commit_seconds_count')
  const cpu = async () => ({
    node: cpuMsOf(owner.pid),
    ssh: treeCpuMs(owner.pid) - cpuMsOf(owner.pid),
    follower: cpuMsOf(other.pid),
    redis: await redisCpuMs(redis),
    batches: await appended(),
  })
  const before = await cpu()
  let taken = Promise.resolve(before)
  const orders = [String(all), String(count), ...pipes]
  await startTyped('shared-lines.ts', orders, () => {
    // It says when all is written, and closes the pipes a while later.
    taken = sleep(storedWithinMs).then(cpu)
  })
  const after = await taken
  await until('all runs have ended', async () => (await running(owner)) === 0, 30_000)
  const ended = await Promise.all(started.map((id) => owner.get(id)))
  follower?.leave()
  const lines = ended.reduce((sum, run) => sum + run.lines, 0)
  if (lines !== count) throw new Error(`Of ${count} lines ${lines} are stored.`)
  return {
    lines,
    batches: after.batches - before.batches,
    nodeCpuMs: after.node - before.node,
    sshCpuMs: after.ssh - before.ssh,
    followerCpuMs: after.follower - before.follower,
    redisCpuMs: after.redis - before.redis,
  }
}

function running(node: BenchServer): Promise<number> {
  return node.figure('farglass_tasks', { state: 'running' })
}

/** One connection for all of them; what comes is thrown away. */
function followAll({ url }: BenchServer, ids: readonly string[]) {
  const query = ids.map((id) => `${id}:0`).join(',')
  const leave = new AbortController()
  const open = new Promise<void>((resolve, reject) => {
    const request = get(
      `${url}/api/v1/stream?runs=${query}`,
      { signal: leave.signal },
      (answer) => {
        answer.resume()
        answer.on('error', () => {})
        if (answer.statusCode === 200) resolve()
        else reject(new Error(`The stream answered ${answer.statusCode}.`))
      },
    )
    request.on('error', reject)
  })
  return { open, leave: () => leave.abort() }
}
