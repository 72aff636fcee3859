/** `farglass doctor --redis URL`: whether that Redis can be trusted with lines, and what to change. */
import { examineRedis, type RedisHealth } from '../../adapters/redis/redis-health.ts'
import { openRedisStore } from '../../adapters/redis/redis-store.ts'
import { toAppError } from '../../shared/errors.ts'
import type { RedisAccess } from '../redis-access.ts'
import type { Finding } from './doctor-checks.ts'
import { recordFindings } from './doctor-records.ts'

/** What was looked at, by its name. A store is opened there, a run written, read and removed, and records are read. */
export async function checkRedis({
  url,
  ca,
}: RedisAccess): Promise<readonly (readonly [string, Finding])[]> {
  try {
    const access = { url, ca: ca ?? undefined }
    const found = await examineRedis(access)
    await using store = await openRedisStore(access)
    const records = await recordFindings(store.records)
    const servers = found.flatMap((health) => {
      const of = found.length === 1 ? '' : ` ${health.shown.replace(/^.*:\/\//, '')}`
      return [
        [`redis${of}`, answers(health)],
        [`redis${of} history`, history(health)],
        [`redis${of} memory`, memory(health)],
      ] as const
    })
    return [...servers, ...records.map((each) => ['redis records', each] as const)]
  } catch (thrown) {
    const { message, hint } = toAppError(thrown)
    return [['redis', { ok: false, text: message, hint }]]
  }
}

/** Slower than this, each batch of a run is felt by its viewers. */
const answerMsMax = 20

function answers({ shown, version, answerMs, isReplica }: RedisHealth): Finding {
  const text = `${shown} is version ${version}, answers in ${answerMs.toFixed(1)} ms, and lets us do what we need`
  if (isReplica) {
    return { ok: false, text: `${shown} is a replica.`, hint: 'Give the address of the primary.' }
  }
  if (answerMs <= answerMsMax) return { ok: true, text: `${text}.` }
  return { ok: true, text: `${text}.`, hint: 'That is slow: lines reach viewers later by so much.' }
}

function history({ hasAppendOnlyFile, sync, isDiskFailing }: RedisHealth): Finding {
  if (isDiskFailing) {
    const text = 'the last write to its disk has failed.'
    return { ok: false, text, hint: 'Make room on it, and look into the log of Redis.' }
  }
  if (!hasAppendOnlyFile) {
    return {
      ok: false,
      text: 'without an append-only file, a restart of Redis loses what no node has in memory.',
      hint: 'Set "appendonly yes" and "appendfsync everysec" in redis.conf.',
    }
  }
  if (sync === 'no') {
    return {
      ok: false,
      text: 'the system decides when the append-only file is synced: seconds of it can be lost.',
      hint: 'Set "appendfsync everysec" in redis.conf.',
    }
  }
  return { ok: true, text: `append-only file, appendfsync ${sync ?? 'not shown to this user'}` }
}

function memory({ memoryPolicy, memoryBytes, memoryBytesMax }: RedisHealth): Finding {
  const used = `${mebi(memoryBytes)} MiB used`
  if (memoryPolicy !== 'noeviction') {
    return {
      ok: false,
      text: `maxmemory-policy ${memoryPolicy}: Redis may throw lines away.`,
      hint: 'Set "maxmemory-policy noeviction" in redis.conf.',
    }
  }
  if (memoryBytesMax === 0) return { ok: true, text: `${used}, no limit, noeviction` }
  const text = `${used} of ${mebi(memoryBytesMax)} MiB, noeviction`
  if (memoryBytes < memoryBytesMax * 0.9) return { ok: true, text }
  return {
    ok: false,
    text: `${text}: it is nearly full.`,
    hint: 'Raise maxmemory, or remove runs.',
  }
}

function mebi(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(0)
}
