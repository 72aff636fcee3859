/**
 * The catalog on Redis. Creating and removing a run takes several steps, as its keys lie in several
 * slots of a cluster; they are ordered so that a crash between two leaves nothing that is wrong:
 *
 *     create: run, for a minute ─▶ claim of the key ─▶ unfinished, list ─▶ run, to stay
 *     remove: run and log ─▶ list, unfinished ─▶ key
 *
 * Who meets the name of a run that is not there removes the name.
 */
import { randomUUID } from 'node:crypto'
import { KeptSummaries } from '../../core/store/kept-summaries.ts'
import { KeptHosts, type LastRuns, lastRunsOf, type RunHosts } from '../../core/store/last-runs.ts'
import { checkEnded, checkMarks } from '../../core/store/log-rules.ts'
import type {
  AcquiredRun,
  CatalogChange,
  CreateResult,
  IdempotencyKey,
  KeepChange,
  OwnedRun,
  RunCatalog,
  RunQuery,
} from '../../core/store/run-catalog.ts'
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import { type ListedRun, listedRun, taskSummary } from '../../shared/listed-run.ts'
import type { Mark, MarkChange } from '../../shared/mark.ts'
import type { Run, RunId, RunState } from '../../shared/run.ts'
import { matchesFilter } from '../../shared/run-filter.ts'
import type { RedisParts } from './redis-parts.ts'
import { listOf, maybeTextOf, textOf } from './replies.ts'
import {
  claimOf,
  fieldsOf,
  fieldsOfChange,
  fieldsOfNewRun,
  flatten,
  ownFields,
  progressOf,
  toFields,
  toRun,
} from './run-fields.ts'
import {
  acquireScript,
  claimScript,
  confirmScript,
  createScript,
  keepScript,
  listScript,
  markScript,
  removeScript,
  unclaimScript,
} from './run-scripts.ts'

export class RedisCatalog implements RunCatalog {
  readonly #parts: RedisParts
  /** A run that is removed and imported again is the same one. */
  readonly #summaries = new KeptSummaries<RunId>()
  readonly #hosts = new KeptHosts()

  constructor(parts: RedisParts) {
    this.#parts = parts
  }

  async create(run: Run, owner: string, key?: IdempotencyKey): Promise<CreateResult> {
    const { connection, keys, writes } = this.#parts
    const used = key === undefined ? undefined : await this.#answerOf(key)
    if (used?.kind !== undefined) return used
    const fields = fieldsOfNewRun(run, owner, key)
    const args = [randomUUID(), String(limits.redisUnconfirmedMs), ...flatten(fields)]
    const isNew = await connection.run(createScript, [keys.run(run.id)], args)
    if (isNew !== 1) {
      throw new AppError('conflict', `A run with the id ${run.id} is already stored.`)
    }
    if (key !== undefined && !(await this.#claim(run.id, key))) {
      await connection.send(['DEL', keys.run(run.id)])
      return this.create(run, owner, key)
    }
    await connection.send(['SADD', keys.unfinished, run.id])
    await connection.run(listScript, [keys.runs], [run.id])
    const isThere = await connection.run(confirmScript, [keys.run(run.id)], [])
    if (isThere !== 1) {
      throw new AppError('store-busy', `Redis has taken too long to store run ${run.id}.`)
    }
    writes.own(run.id, fields)
    return { kind: 'created', run: { ...run, epoch: 1, next: run.first, lines: 0, gaps: 0 } }
  }

  async get(id: RunId): Promise<Run | undefined> {
    const { connection, keys } = this.#parts
    return toRun(id, toFields(await connection.send(['HGETALL', keys.run(id)])))
  }

  list(query: RunQuery): Promise<readonly Run[]> {
    return this.#find(query, {
      read: (id) => this.get(id),
      isWanted: (run) => matchesFilter(run, query),
    })
  }

  async listed(query: RunQuery): Promise<readonly ListedRun[]> {
    // Only the tasks tell on which hosts it was.
    if (query.host !== undefined) return (await this.list(query)).map(listedRun)
    return this.#find(query, {
      read: (id) => this.#getListed(id),
      isWanted: (run) => matchesFilter({ ...run, tasks: [] }, query),
    })
  }

  async lastRuns(limit: number): Promise<LastRuns> {
    const newest = { read: (id: RunId) => this.#hostsOf(id), isWanted: () => true }
    return lastRunsOf(await this.#find({ limit }, newest))
  }

  async save(change: CatalogChange): Promise<void> {
    const { run, epoch } = change
    const fields = fieldsOfChange(change)
    await this.#parts.writes.make({ run, epoch, fields })
  }

  async unfinished(): Promise<readonly OwnedRun[]> {
    const { connection, keys } = this.#parts
    const names = (await this.#unfinishedNames()).toReversed()
    const rows = await Promise.all(
      names.map(({ id }) => connection.send(['HMGET', keys.run(id), 'epoch', 'owner', 'state'])),
    )
    const found: OwnedRun[] = []
    for (const [at, row] of rows.entries()) {
      const id = names[at]?.id ?? ''
      const [epoch, owner = '', state] = listOf(row).map(maybeTextOf)
      if (epoch === undefined) await this.#forget(id)
      else if (state === 'ended') await connection.send(['SREM', keys.unfinished, id])
      else found.push({ id, epoch: Number(epoch), owner })
    }
    return found
  }

  async remove(id: RunId): Promise<void> {
    const { connection, keys, writes } = this.#parts
    const reply = await connection.run(
      removeScript,
      [keys.run(id), keys.log(id), keys.marks(id)],
      [],
    )
    const [answer, text] = listOf(reply).map(textOf)
    if (answer === 'carried') checkEnded(id, text as RunState)
    writes.disown(id)
    await this.#forget(id)
    if (text === undefined || text === '') return
    const held = maybeTextOf(await connection.send(['GET', keys.key(text)]))
    if (held === undefined || claimedRun(held).run !== id) return
    await connection.run(unclaimScript, [keys.key(text)], [held])
  }

  async keep(id: RunId, { pinned, removed }: KeepChange): Promise<Run | undefined> {
    const { connection, keys } = this.#parts
    const pin = pinned === undefined ? '' : pinned ? '1' : '0'
    const args = [pin, removed === undefined ? '' : JSON.stringify(removed), keys.bell(id)]
    return toRun(id, toFields(await connection.run(keepScript, [keys.run(id)], args)))
  }

  async marks(id: RunId): Promise<readonly Mark[]> {
    const { connection, keys } = this.#parts
    return toMarks(listOf(await connection.send(['HGETALL', keys.marks(id)])).map(textOf))
  }

  async mark(id: RunId, { pos, time, by }: MarkChange): Promise<readonly Mark[]> {
    const { connection, keys } = this.#parts
    // A time has no space in it, and is all that older versions write.
    const value = time === null ? '' : [time, by ?? ''].join(' ').trim()
    const args = [String(pos), value, String(limits.marksPerRunMax)]
    const reply = await connection.run(markScript, [keys.run(id), keys.marks(id)], args)
    if (reply === 0) throw new AppError('not-found', `There is no run ${id}.`)
    if (reply === 1) checkMarks(id, limits.marksPerRunMax)
    return toMarks(listOf(reply).map(textOf))
  }

  async acquire(id: RunId, owner: string, epoch: number): Promise<AcquiredRun | undefined> {
    const { connection, keys, writes } = this.#parts
    const step = this.#parts.epochStep()
    const figures = [epoch, step, limits.epochsMax].map(String)
    const args = [owner, randomUUID(), keys.bell(id), ...figures]
    const reply = await connection.run(acquireScript, [keys.run(id), keys.log(id)], args)
    if (reply === 0) return undefined
    const fields = toFields(reply)
    const run = toRun(id, fields)
    if (run === undefined) throw new AppError('not-found', `There is no run ${id}.`)
    writes.own(id, fields)
    return { run, progress: progressOf(fields) }
  }

  async #find<Found>(query: RunQuery, { read, isWanted }: Finding<Found>): Promise<Found[]> {
    const limit = Math.min(query.limit, limits.runsPageMax)
    const found: Found[] = []
    let below = await this.#scoreOf(query.before)
    while (below !== undefined && found.length < limit) {
      const page = await this.#namesBelow(below, query.states)
      below = page.at(-1)?.score
      const runs = await Promise.all(page.map(({ id }) => read(id)))
      for (const [at, run] of runs.entries()) {
        if (run === undefined) await this.#forget(page[at]?.id ?? '')
        else if (isWanted(run)) found.push(run)
      }
    }
    return found.slice(0, limit)
  }

  /** Of an ended run whose tasks were read before, all fields but those of its tasks. */
  async #getListed(id: RunId): Promise<ListedRun | undefined> {
    const { connection, keys } = this.#parts
    if (this.#summaries.has(id)) {
      const values = listOf(await connection.send(['HMGET', keys.run(id), ...ownFields]))
      const run = toRun(id, fieldsOf(ownFields, values))
      const kept = run === undefined ? undefined : this.#summaries.get(id, run)
      if (run !== undefined && kept !== undefined) return { ...withoutTasks(run), ...kept }
    }
    const run = await this.get(id)
    if (run === undefined) return undefined
    const summary = this.#summaries.of(id, run, () => taskSummary(run.tasks, run))
    return { ...withoutTasks(run), ...summary }
  }

  /** Those of a run whose tasks were read before, if it is still there, else its tasks are read. */
  async #hostsOf(id: RunId): Promise<RunHosts | undefined> {
    const { connection, keys } = this.#parts
    const kept = this.#hosts.get(id)
    if (kept !== undefined && (await connection.send(['EXISTS', keys.run(id)])) === 1) return kept
    const run = await this.get(id)
    if (run === undefined) return undefined
    const found = { id, createdAt: run.createdAt, hosts: run.tasks.map(({ host }) => host) }
    this.#hosts.keep(found)
    return found
  }

  /** What a key that was used before is answered; undefined when it is free. */
  async #answerOf(key: IdempotencyKey): Promise<CreateResult | undefined> {
    const { connection, keys } = this.#parts
    const held = maybeTextOf(await connection.send(['GET', keys.key(key.key)]))
    if (held === undefined) return undefined
    const claim = claimedRun(held)
    const run = await this.get(claim.run)
    if (run === undefined) return undefined
    return claim.digest === key.digest ? { kind: 'existing', run } : { kind: 'conflict' }
  }

  /** Whether the key stands for this run now. A claim whose run is not there is given to the next one. */
  async #claim(run: RunId, { key, digest }: IdempotencyKey): Promise<boolean> {
    const { connection, keys } = this.#parts
    const value = claimOf(run, digest)
    const held = maybeTextOf(await connection.send(['GET', keys.key(key)])) ?? ''
    const isStale = held !== '' && (await this.get(claimedRun(held).run)) === undefined
    const args = [value, isStale ? held : '']
    return textOf(await connection.run(claimScript, [keys.key(key)], args)) === value
  }

  /** Before which place of the list the page begins; undefined before an unknown run. */
  async #scoreOf(before: RunId | undefined): Promise<number | undefined> {
    if (before === undefined) return Number.POSITIVE_INFINITY
    const { connection, keys } = this.#parts
    const score = maybeTextOf(await connection.send(['ZSCORE', keys.runs, before]))
    return score === undefined ? undefined : Number(score)
  }

  /** Newest first. Of the few that have not ended there is a set, so that not all are looked at. */
  async #namesBelow(
    below: number,
    states: readonly RunState[] | undefined,
  ): Promise<readonly ListedName[]> {
    const { connection, keys } = this.#parts
    if (states !== undefined && !states.includes('ended')) {
      const names = await this.#unfinishedNames()
      return names.filter(({ score }) => score < below).slice(0, limits.runsPageMax)
    }
    const range = [
      below === Number.POSITIVE_INFINITY ? '+inf' : `(${below}`,
      '-inf',
      'BYSCORE',
      'REV',
    ]
    const page = ['LIMIT', '0', String(limits.runsPageMax), 'WITHSCORES']
    const reply = toFields(await connection.send(['ZRANGE', keys.runs, ...range, ...page]))
    return [...reply].map(([id, score]) => ({ id, score: Number(score) }))
  }

  /** Newest first; those that are not in the list yet are being created. */
  async #unfinishedNames(): Promise<readonly ListedName[]> {
    const { connection, keys } = this.#parts
    const ids = listOf(await connection.send(['SMEMBERS', keys.unfinished])).map(textOf)
    if (ids.length === 0) return []
    const scores = listOf(await connection.send(['ZMSCORE', keys.runs, ...ids])).map(maybeTextOf)
    return ids
      .map((id, at) => ({ id, score: Number(scores[at] ?? Number.POSITIVE_INFINITY) }))
      .toSorted((a, b) => b.score - a.score)
  }

  async #forget(id: RunId): Promise<void> {
    this.#hosts.forget(id)
    const { connection, keys } = this.#parts
    await connection.send(['ZREM', keys.runs, id])
    await connection.send(['SREM', keys.unfinished, id])
  }
}

interface Finding<Found> {
  /** Undefined for a run that is not there any more. */
  readonly read: (id: RunId) => Promise<Found | undefined>
  readonly isWanted: (run: Found) => boolean
}

interface ListedName {
  readonly id: RunId
  readonly score: number
}

/** Written by this program: trusted. */
function claimedRun(value: string): { readonly digest: string; readonly run: RunId } {
  return JSON.parse(value)
}

function withoutTasks(run: Run): Omit<Run, 'tasks'> {
  const { tasks: _, ...rest } = run
  return rest
}

/** Of fields and values in turn. */
function toMarks(texts: readonly string[]): Mark[] {
  const marks: Mark[] = []
  for (let at = 0; at + 1 < texts.length; at += 2) {
    const [time = '', ...words] = (texts[at + 1] ?? '').split(' ')
    const by = words.join(' ')
    marks.push({ pos: Number(texts[at]), time, ...(by !== '' && { by }) })
  }
  return marks.toSorted((a, b) => a.pos - b.pos)
}
