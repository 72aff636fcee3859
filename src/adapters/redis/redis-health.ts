/** What a Redis is like, for who wants to trust it with lines: facts, which others judge. */
import { randomUUID } from 'node:crypto'
import { newRun } from '../../core/runs/new-run.ts'
import { newTask } from '../../core/runs/task-state.ts'
import type { Run } from '../../shared/run.ts'
import type { RedisLink } from './redis-link.ts'
import { openRedisStore, type RedisOptions, type RedisStore } from './redis-store.ts'
import { listOf, textOf } from './replies.ts'

export interface RedisHealth {
  /** The address without its secrets. */
  readonly shown: string
  readonly version: string
  readonly isReplica: boolean
  /** Of a command and its answer: the one in the middle. */
  readonly answerMs: number
  readonly hasAppendOnlyFile: boolean
  /** Undefined where this user may not see it. */
  readonly sync: string | undefined
  /** The last write to its disk has failed. */
  readonly isDiskFailing: boolean
  readonly memoryPolicy: string
  readonly memoryBytes: number
  /** 0 without a limit. */
  readonly memoryBytesMax: number
}

/**
 * Opens a store under names of its own, writes, reads and removes a run, and gives what Redis says of
 * itself, of a cluster each master. Rejects with a sentence where any of this fails.
 */
export async function examineRedis(options: RedisOptions): Promise<readonly RedisHealth[]> {
  const prefix = `${options.prefix ?? 'farglass:'}doctor-${randomUUID()}:`
  await using store = await openRedisStore({ ...options, prefix })
  await tryEverything(store)
  return await Promise.all(store.connection.servers.map(healthOf))
}

async function healthOf(server: Server): Promise<RedisHealth> {
  const info = textOf(await server.send(['INFO']))
  const value = (name: string) => new RegExp(`^${name}:(\\S*)`, 'm').exec(info)?.[1] ?? ''
  return {
    shown: server.shown,
    version: value('redis_version'),
    isReplica: value('role') === 'slave',
    answerMs: await medianAnswerMs(server),
    hasAppendOnlyFile: value('aof_enabled') === '1',
    sync: await settingOf(server, 'appendfsync'),
    isDiskFailing: [value('aof_last_write_status'), value('rdb_last_bgsave_status')].includes(
      'err',
    ),
    memoryPolicy: value('maxmemory_policy'),
    memoryBytes: Number(value('used_memory')),
    memoryBytesMax: Number(value('maxmemory')),
  }
}

type Server = RedisLink['servers'][number]

/** Every kind of command once, so that a right that is missing shows here. */
async function tryEverything({ log, catalog, sessions }: RedisStore): Promise<void> {
  const id = `r${randomUUID().replaceAll('-', '').slice(0, 25)}`
  const digest = randomUUID()
  await catalog.create(sample(id), 'doctor', { key: digest, digest })
  let epoch = 1
  try {
    const bytes = new TextEncoder().encode('known line\n')
    const group = { task: 0, channel: 'out', time: 0, count: 1, bytes, end: 'newline' } as const
    await log.append({ run: id, epoch, pos: 0, groups: [group], tasks: [newTask(0, 'none')] })
    await log.read(id, 0, 1)
    await log.bounds(id)
    await log.hotBytes(id)
    await log.trim(id, { before: 0, isArchived: false })
    epoch = (await catalog.acquire(id, 'doctor', epoch))?.run.epoch ?? epoch
    await catalog.unfinished()
    await catalog.list({ limit: 1 })
    await sessions.put({ digest, createdAt: 0, expiresAt: 0, idleUntil: 0 })
    await sessions.get(digest)
  } finally {
    const state = { state: 'ended', outcome: 'lost', endedAt: '1970-01-01T00:00:00Z' } as const
    await catalog.save({ run: id, epoch, tasks: [], state })
    await log.drop(id)
    await catalog.remove(id)
    await sessions.remove(digest)
  }
}

function sample(id: string): Run {
  const source = { kind: 'command', command: 'true' } as const
  const request = { target: 'none', source, mode: 'plain' } as const
  return newRun(request, [{ host: 'none' }], { id, now: 0, random: () => 0 })
}

async function medianAnswerMs(server: Server): Promise<number> {
  const times: number[] = []
  for (let tries = 0; tries < answerTries; tries++) {
    const start = performance.now()
    await server.send(['PING'])
    times.push(performance.now() - start)
  }
  return times.toSorted((a, b) => a - b)[answerTries >> 1] ?? 0
}

const answerTries = 21

async function settingOf(server: Server, name: string): Promise<string | undefined> {
  try {
    const value = listOf(await server.send(['CONFIG', 'GET', name]))[1]
    return value === undefined ? undefined : textOf(value)
  } catch {
    // Not every user may look at the configuration; what INFO says is enough for the rest.
    return undefined
  }
}
