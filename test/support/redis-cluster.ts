/** A real cluster of redis-servers: masters that share the slots, with a replica each if wanted. */
import { slotOfKey } from '../../src/adapters/redis/cluster-slots.ts'
import { freePort } from './free-port.ts'
import { type RedisServer, startRedis } from './redis-server.ts'
import { until } from './until.ts'

export interface RedisCluster extends AsyncDisposable {
  /** With all of its servers. */
  readonly url: string
  readonly servers: readonly RedisServer[]
  /** Who owns the slot of the key now. */
  ownerOf(key: string): Promise<RedisServer>
  /** Of this master; undefined without one. */
  replicaOf(master: RedisServer): Promise<RedisServer | undefined>
  /** Moves a slot with all its keys, in the steps of `redis-cli --cluster reshard`. `between`: after each key. */
  move(slot: number, to: RedisServer, between?: () => Promise<void>): Promise<void>
  /** All slots are served, by one master each, and each replica has all. */
  isWhole(): Promise<boolean>
  /** One command at the owner of its key. */
  cli(key: string, ...command: readonly string[]): Promise<string>
}

export interface RedisClusterOptions {
  /** A replica for each of the three masters. */
  readonly hasReplicas?: boolean
}

const masterCount = 3
const slotCount = 16_384

/** Resolves when all slots are served, and each replica has all. */
export async function startRedisCluster({
  hasReplicas = false,
}: RedisClusterOptions = {}): Promise<RedisCluster> {
  const cluster = new RunningCluster()
  try {
    await cluster.start(hasReplicas ? 2 * masterCount : masterCount)
    return cluster
  } catch (thrown) {
    await cluster[Symbol.asyncDispose]()
    throw thrown
  }
}

class RunningCluster implements RedisCluster {
  readonly servers: RedisServer[] = []
  readonly #ids = new Map<RedisServer, string>()

  get url(): string {
    return `redis://${this.servers.map(({ port }) => `127.0.0.1:${port}`).join(',')}`
  }

  async start(count: number): Promise<void> {
    const busPorts: number[] = []
    for (let started = 0; started < count; started++) {
      const busPort = await freePort()
      const args = ['--cluster-port', String(busPort), '--cluster-node-timeout', '1500']
      const soon = ['--repl-diskless-sync-delay', '0', '--cluster-replica-validity-factor', '0']
      this.servers.push(await startRedis({ cluster: 'member', args: [...args, ...soon] }))
      busPorts.push(busPort)
    }
    for (const server of this.servers) this.#ids.set(server, await server.cli('CLUSTER', 'MYID'))
    const [first, ...others] = this.servers
    if (first === undefined) throw new Error('A cluster needs a server.')
    for (const [index, { port }] of others.entries()) {
      await first.cli('CLUSTER', 'MEET', '127.0.0.1', `${port}`, `${busPorts[index + 1]}`)
    }
    await until('all know each other', async () => {
      const views = await Promise.all(this.servers.map((one) => one.cli('CLUSTER', 'NODES')))
      return views.every((view) => view.match(/ connected/g)?.length === count)
    })
    await this.#share()
  }

  async #share(): Promise<void> {
    const masters = this.servers.slice(0, masterCount)
    for (const [index, master] of masters.entries()) {
      const from = Math.ceil((index * slotCount) / masterCount)
      const to = Math.ceil(((index + 1) * slotCount) / masterCount) - 1
      await master.cli('CLUSTER', 'ADDSLOTSRANGE', `${from}`, `${to}`)
      // Else two of them may have the same epoch for some time.
      await master.cli('CLUSTER', 'SET-CONFIG-EPOCH', `${index + 1}`).catch(() => {})
    }
    for (const [index, replica] of this.servers.slice(masterCount).entries()) {
      const master = masters[index]
      if (master === undefined) continue
      const id = this.#idOf(master)
      await until('the replica knows its master', async () => {
        return (await replica.cli('CLUSTER', 'NODES')).includes(`${id} `)
      })
      await replica.cli('CLUSTER', 'REPLICATE', id)
    }
    await until('all slots are served', () => this.isWhole())
  }

  async isWhole(): Promise<boolean> {
    const states = this.servers.map(async (server) => {
      const [state, nodes, link] = await Promise.all([
        server.cli('CLUSTER', 'INFO'),
        server.cli('CLUSTER', 'NODES'),
        server.cli('INFO', 'replication'),
      ])
      const roles = nodes.match(/ (?:myself,)?master /g)?.length
      const isLinked = !link.includes('role:slave') || link.includes('master_link_status:up')
      return state.includes('cluster_state:ok') && roles === masterCount && isLinked
    })
    return (await Promise.all(states)).every(Boolean)
  }

  async ownerOf(key: string): Promise<RedisServer> {
    return this.#ownerOfSlot(slotOfKey(key))
  }

  async replicaOf(master: RedisServer): Promise<RedisServer | undefined> {
    for (const server of this.servers) {
      const info = await server.cli('INFO', 'replication').catch(() => '')
      if (info.includes(`master_port:${master.port}\r`)) return server
    }
    return undefined
  }

  async move(slot: number, to: RedisServer, between?: () => Promise<void>): Promise<void> {
    const from = await this.#ownerOfSlot(slot)
    await to.cli('CLUSTER', 'SETSLOT', `${slot}`, 'IMPORTING', this.#idOf(from))
    await from.cli('CLUSTER', 'SETSLOT', `${slot}`, 'MIGRATING', this.#idOf(to))
    await between?.()
    for (;;) {
      const [key] = (await from.cli('CLUSTER', 'GETKEYSINSLOT', `${slot}`, '1')).split('\n')
      if (key === undefined || key === '') break
      await from.cli('MIGRATE', '127.0.0.1', `${to.port}`, key, '0', '5000')
      await between?.()
    }
    for (const server of [to, from]) {
      await server.cli('CLUSTER', 'SETSLOT', `${slot}`, 'NODE', this.#idOf(to))
    }
  }

  async cli(key: string, ...command: readonly string[]): Promise<string> {
    return (await this.ownerOf(key)).cli(...command)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.servers) await server[Symbol.asyncDispose]()
  }

  async #ownerOfSlot(slot: number): Promise<RedisServer> {
    for (const server of this.servers) {
      const state = await server.cli('CLUSTER', 'INFO').catch(() => '')
      if (!state.includes('cluster_state:ok')) continue
      const owner = ownerIn(await server.cli('CLUSTER', 'NODES'), slot)
      const found = this.servers.find((one) => this.#ids.get(one) === owner)
      if (found !== undefined) return found
    }
    throw new Error(`Nobody owns slot ${slot}.`)
  }

  #idOf(server: RedisServer): string {
    return this.#ids.get(server) ?? ''
  }
}

/** Lines of an id, seven fields, and the slots of a server as `0-5460` or `7`. */
function ownerIn(nodes: string, slot: number): string | undefined {
  for (const line of nodes.split('\n')) {
    const [id, , , , , , , , ...ranges] = line.split(' ')
    const owns = ranges.some((range) => {
      const [from = '', to = from] = range.split('-')
      return Number(from) <= slot && slot <= Number(to)
    })
    if (owns) return id
  }
  return undefined
}
