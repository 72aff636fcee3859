/** Many runs of few lines on one node at once, as most are: what a batch costs when its node is busy with others. */
import { execFileSync } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { get } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../../test/support/until.ts'
import type { BenchContext } from './claim.ts'
import { treeCpuMs } from './cost.ts'
import type { BenchNodes } from './nodes.ts'
import { redisCpuMs } from './redis-cost.ts'
import type { BenchServer } from './server.ts'
import { startTyped } from './typed-process.ts'

const runs = 16
const linesPerSecond = 4_000

export interface ManyTurn {
  readonly batches: number
  readonly lines: number
  /** Of the node that carries them, its ssh included. */
  readonly nodeCpuMs: number
  /** Of the node that follows them for somebody. */
  readonly followerCpuMs: number
  readonly redisCpuMs: number
}

/** Throws when lines are missing. `isFollowed`: somebody watches all of them at the other node. */
export async function carryMany(
  context: BenchContext,
  { redis, nodes: [owner, other] }: Pick<BenchNodes, 'redis' | 'nodes'>,
  isFollowed: boolean,
): Promise<ManyTurn> {
  if (owner === undefined || other === undefined) throw new Error('There are no two nodes.')
  const count = linesPerSecond * (context.quick ? 1 : 3)
  const folder = await mkdtemp(join(context.folder, 'pipes-'))
  const pipes = Array.from({ length: runs }, (_, at) => join(folder, `pipe-${at}`))
  execFileSync('mkfifo', pipes)
  const started: string[] = []
  for (const pipe of pipes) {
    const source = { kind: 'command', command: `cat '${pipe}'` } as const
    started.push((await owner.start({ target: context.sshd.alias, source })).id)
  }
  await until('all commands run', async () => (await running(owner)) === runs)
  const follower = isFollowed ? followAll(other, started) : undefined
  await follower?.open
  const appended = () => owner.figure('farglass_commit_seconds_count')
  const cpu = async () => ({
    node: treeCpuMs(owner.pid),
    follower: treeCpuMs(other.pid),
    redis: await redisCpuMs(redis),
    batches: await appended(),
  })
  const before = await cpu()
  await startTyped('shared-lines.ts', [String(linesPerSecond), String(count), ...pipes], () => {})
  // Asking costs the node time as well: seldom, and one small question.
  for (let left = runs; left > 0; left = await running(owner)) await sleep(200)
  const after = await cpu()
  const ended = await Promise.all(started.map((id) => owner.get(id)))
  follower?.leave()
  const lines = ended.reduce((sum, run) => sum + run.lines, 0)
  if (lines !== count) throw new Error(`Of ${count} lines ${lines} are stored.`)
  return {
    lines,
    batches: after.batches - before.batches,
    nodeCpuMs: after.node - before.node,
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
