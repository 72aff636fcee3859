/** The log on Redis: a stream per run, one entry per batch, named after the position behind it. */
import type { HotBounds, HotLog, Trim } from '../../core/store/hot-log.ts'
import { clipGroups, countLines } from '../../core/store/log-rules.ts'
import type { Append, AppendResult, LogBounds } from '../../core/store/log-store.ts'
import { encodeBatch } from '../../shared/batch-codec.ts'
import { AppError } from '../../shared/errors.ts'
import type { PlacedGroup } from '../../shared/line-group.ts'
import type { RunId } from '../../shared/run.ts'
import { dropScript, readScript, trimScript } from './log-scripts.ts'
import type { StoredBatch } from './own-run.ts'
import type { RedisParts } from './redis-parts.ts'
import { listOf, maybeTextOf } from './replies.ts'
import { fieldsOfChange, offsetsOf } from './run-fields.ts'
import { checksum, toGroups } from './stored-entries.ts'

export class RedisLog implements HotLog {
  readonly #parts: RedisParts

  constructor(parts: RedisParts) {
    this.#parts = parts
  }

  async append(append: Append): Promise<AppendResult> {
    const { run, epoch } = append
    const batch = toBatch(append)
    const fields = new Map([...fieldsOfChange(append), ...offsetsOf(append.tasks)])
    const answer = await this.#parts.writes.make({ run, epoch, fields, batch })
    switch (answer.kind) {
      case 'missing':
        throw new AppError('not-found', `There is no run ${run}.`)
      case 'saved':
        throw new AppError('internal', `An append to run ${run} was answered as a save.`)
      case 'fenced':
        return answer
      case 'stored':
      case 'duplicate':
      case 'gap':
        return { kind: answer.kind, next: answer.next }
    }
  }

  async read(run: RunId, from: number, bytesMax: number): Promise<readonly PlacedGroup[]> {
    const { connection } = this.#parts
    const reply = await connection.run(readScript, this.#keysOf(run), [`${from}`, `${bytesMax}`])
    const read = toGroups(run, reply)
    return clipGroups(read.groups, read.from, bytesMax)
  }

  async bounds(run: RunId): Promise<LogBounds> {
    const { connection, keys } = this.#parts
    const reply = await connection.send(['HMGET', keys.run(run), 'first', 'next', 'epoch'])
    const [first = 0, next = 0, epoch = 0] = listOf(reply).map((each) => Number(each ?? 0))
    return { first, next, epoch }
  }

  async drop(run: RunId): Promise<void> {
    await this.#parts.connection.run(dropScript, this.#keysOf(run), [])
    this.#parts.writes.dropped(run)
  }

  async hotBounds(run: RunId): Promise<HotBounds | undefined> {
    const { connection, keys } = this.#parts
    const reply = await connection.send(['HMGET', keys.run(run), 'first', 'hot', 'next'])
    const [first, hot, next] = listOf(reply).map(maybeTextOf)
    if (next === undefined) return undefined
    return { first: Number(first ?? 0), hot: Number(hot ?? 0), next: Number(next) }
  }

  async hotBytes(run: RunId): Promise<number> {
    const { connection, keys } = this.#parts
    return Number((await connection.send(['MEMORY', 'USAGE', keys.log(run)])) ?? 0)
  }

  async trim(run: RunId, { before, isArchived }: Trim): Promise<void> {
    const { connection, keys } = this.#parts
    const args = [`${before}`, isArchived ? '1' : '0', keys.bell(run)]
    await connection.run(trimScript, this.#keysOf(run), args)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.connection.close()
  }

  #keysOf(run: RunId): string[] {
    const { keys } = this.#parts
    return [keys.run(run), keys.log(run)]
  }
}

/** A copy of the lines: the writer may use its buffers again. */
function toBatch({ run, pos, groups }: Append): StoredBatch {
  const { positions, lines, gaps } = countLines(groups)
  const body = encodeBatch(groups)
  const bytes = groups.reduce((sum, group) => sum + group.bytes.length, 0)
  return { pos, next: pos + positions, lines, gaps, bytes, body, crc: checksum(run, pos, body) }
}
