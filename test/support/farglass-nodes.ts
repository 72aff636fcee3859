/** Several real servers on one real Redis and one real sshd, behind a balancer. */
import { type Balancer, startBalancer } from './balancer.ts'
import { type Farglass, startFarglass } from './farglass.ts'
import { type SeededRandom, seededRandom } from './seeded-random.ts'
import { type RedisKind, type SharedRedis, startSharedRedis } from './shared-redis.ts'
import { type Sshd, startSshd } from './sshd.ts'

export interface FarglassNodes extends AsyncDisposable {
  readonly redis: SharedRedis
  readonly sshd: Sshd
  readonly nodes: readonly Farglass[]
  /** Of the balancer. */
  readonly url: string
  /** The node that carries the run; undefined while that one is gone. */
  carrierOf(run: string): Promise<Farglass | undefined>
}

/** Where Redis has what is known of the run. */
export function runKey(run: string): string {
  return `farglass:{${run}}:run`
}

export async function startFarglassNodes(
  count: number,
  {
    random = seededRandom(1),
    auth = 'none',
    kind = 'alone',
  }: { random?: SeededRandom; auth?: 'none' | 'token'; kind?: RedisKind } = {},
): Promise<FarglassNodes> {
  const opened: AsyncDisposable[] = []
  const close = async () => {
    for (const one of opened.splice(0).toReversed()) await one[Symbol.asyncDispose]()
  }
  try {
    const redis = await startSharedRedis(kind)
    opened.push(redis)
    const sshd = await startSshd()
    opened.push(sshd)
    const { sshConfigFile } = sshd
    const env = { FARGLASS_REDIS: redis.url }
    const starting = Array.from({ length: count }, () =>
      startFarglass({ sshConfigFile, auth, env }),
    )
    const started = await Promise.allSettled(starting)
    const nodes = started.flatMap((node) => (node.status === 'fulfilled' ? [node.value] : []))
    opened.push(...nodes)
    for (const node of started) if (node.status === 'rejected') throw node.reason
    const balancer: Balancer = await startBalancer(
      nodes.map(({ port }) => port),
      random,
    )
    opened.push(balancer)
    return {
      redis,
      sshd,
      nodes,
      url: `http://127.0.0.1:${balancer.port}`,
      carrierOf: async (run) => {
        const key = runKey(run)
        const owner = await redis.cli(key, 'HGET', key, 'owner').catch(() => '')
        return nodes.find(({ pid }) => owner.split('-').includes(String(pid)))
      },
      [Symbol.asyncDispose]: close,
    }
  } catch (thrown) {
    await close()
    throw thrown
  }
}
