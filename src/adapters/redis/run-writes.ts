/**
 * The one way by which a run's owner changes it: in the order of the calls, each once. When Redis
 * has lost what it had confirmed, it is given that again first, at the same positions; what comes
 * meanwhile waits behind it.
 */
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import type { RunId } from '../../shared/run.ts'
import type { RedisKeys } from './keys.ts'
import { appendScript } from './log-scripts.ts'
import { type ChangeAnswer, OwnRun, type StoredBatch, type StoredChange } from './own-run.ts'
import type { RedisLink } from './redis-link.ts'
import { listOf, textOf } from './replies.ts'
import { belongsToLines, claimOf, flatten, type RunFields } from './run-fields.ts'
import { claimScript, listScript, restoreScript, saveScript } from './run-scripts.ts'

export interface ChangeToMake {
  readonly run: RunId
  readonly epoch: number
  readonly fields: RunFields
  readonly batch?: StoredBatch
}

export class RunWrites {
  readonly #connection: RedisLink
  readonly #keys: RedisKeys
  readonly #own = new Map<RunId, Owned>()
  readonly #hasArchive: boolean
  #number = 0

  constructor(connection: RedisLink, keys: RedisKeys, hasArchive: boolean) {
    this.#hasArchive = hasArchive
    this.#connection = connection
    this.#keys = keys
    connection.onReady(() => this.#lookAtAll())
  }

  /** From now on this process carries the run, as its fields say. */
  own(id: RunId, fields: RunFields): void {
    this.#forgetEnded()
    this.#own.set(id, { run: new OwnRun(id, fields), isRepairing: false, repairs: 0, held: [] })
  }

  disown(id: RunId): void {
    this.#own.delete(id)
  }

  /** Unless it was taken back meanwhile. */
  #leave(run: OwnRun): void {
    if (this.#own.get(run.id)?.run === run) this.#own.delete(run.id)
  }

  /** Its lines were removed. */
  dropped(id: RunId): void {
    this.#own.get(id)?.run.drop()
  }

  make(change: ChangeToMake): Promise<ChangeAnswer> {
    this.#number += 1
    const numbered = { ...change, number: this.#number }
    return new Promise((resolve, reject) => this.#try({ change: numbered, resolve, reject }))
  }

  #try(write: Write): void {
    const owned = this.#own.get(write.change.run)
    if (owned?.isRepairing === true) {
      owned.held.push(write)
      return
    }
    const repairs = owned?.repairs
    this.#send(write.change).then((answer) => {
      if (owned?.run.isBehind(answer) === true) this.#hold(owned, write, repairs)
      else this.#take(owned, write, answer)
    }, write.reject)
  }

  #take(owned: Owned | undefined, { change, resolve }: Write, answer: ChangeAnswer): void {
    const isStored = storedKinds.includes(answer.kind)
    if (isStored) this.#confirm(owned, change)
    // Another node carries it now.
    if (answer.kind === 'fenced' && change.epoch === owned?.run.epoch) this.#leave(owned.run)
    if (isStored && change.fields.get('state') === 'ended') {
      void this.#tellEnd(change.run).then(() => resolve(answer))
    } else resolve(answer)
  }

  #confirm(owned: Owned | undefined, change: StoredChange): void {
    if (change.fields.size === 0 && change.batch === undefined) return
    const bytesMax = limits.redisKeptBytesMax / Math.max(1, this.#own.size)
    owned?.run.confirm(change, { nowMs: performance.now(), bytesMax })
  }

  /** The last lines of an ended run could be lost for as long as they are not on Redis's disk. */
  #forgetEnded(): void {
    const nowMs = performance.now()
    for (const { run } of this.#own.values()) {
      if (nowMs - (run.endedAtMs ?? nowMs) > limits.redisKeptMs) this.#own.delete(run.id)
    }
  }

  /** Told to be among the unfinished no longer; when that fails, whoever reads these makes up for it. */
  async #tellEnd(run: RunId): Promise<void> {
    this.#forgetEnded()
    await this.#connection.send(['SREM', this.#keys.unfinished, run]).catch(() => {})
  }

  /** It waits until what was lost is there again; who was answered before a repair tries again. */
  #hold(owned: Owned, write: Write, repairs: number | undefined): void {
    if (!owned.isRepairing && owned.repairs !== repairs) return this.#try(write)
    owned.held.push(write)
    if (owned.isRepairing) return
    owned.isRepairing = true
    this.#repair(owned.run).then(
      () => this.#release(owned, (held) => this.#try(held)),
      (reason: AppError) => this.#release(owned, (held) => held.reject(reason)),
    )
  }

  #release(owned: Owned, next: (write: Write) => void): void {
    owned.isRepairing = false
    owned.repairs += 1
    for (const write of owned.held.splice(0)) next(write)
  }

  async #repair(run: OwnRun): Promise<void> {
    const fields = run.fieldsAtStart(this.#hasArchive)
    const epochs = fields.get('epochs') ?? ''
    const head = [`${run.epoch}`, `${run.from}`, run.owner, epochs]
    const args = [...head, ...flatten(fields)]
    const reply = await this.#connection.run(restoreScript, [this.#keys.run(run.id)], args)
    const answer = toAnswer(reply)
    // Another one carries it now; what waits hears of that.
    if (answer.kind === 'fenced') return this.#leave(run)
    const { unfinished, runs } = this.#keys
    await this.#connection.send(['SADD', unfinished, run.id])
    await this.#connection.run(listScript, [runs], [run.id])
    const [key, digest] = [fields.get('key'), fields.get('digest')]
    if (key !== undefined && digest !== undefined) {
      // Else the same request would start its command a second time.
      const claim = [claimOf(run.id, digest), '']
      await this.#connection.run(claimScript, [this.#keys.key(key)], claim)
    }
    const from = answer.kind === 'saved' ? answer.next : run.from
    const lost = run.changes.filter(({ batch }) => batch === undefined || batch.pos >= from)
    const answers = await Promise.all(lost.map((change) => this.#send(change)))
    const refused = answers.find(({ kind }) => kind === 'gap' || kind === 'missing')
    if (refused === undefined) return
    throw new AppError('store-busy', `Redis has lost lines of run ${run.id} again and again.`)
  }

  /** Whether Redis still has all of it, after a time of which nothing is known. */
  #lookAtAll(): void {
    for (const { run } of this.#own.values()) {
      const fields = new Map<string, string>()
      // What is lost is brought back on the way; the answer itself is nobody's.
      this.make({ run: run.id, epoch: run.epoch, fields }).catch(() => {})
    }
  }

  async #send(change: StoredChange): Promise<ChangeAnswer> {
    const { run, epoch, number, fields, batch } = change
    const keys = [this.#keys.run(run)]
    const bell = this.#keys.bell(run)
    if (batch === undefined) {
      const args = [String(epoch), String(number), bell, ...flatten(fields)]
      return toAnswer(await this.#connection.run(saveScript, keys, args))
    }
    const count = batch.next - batch.pos
    const figures = [epoch, batch.pos, count, batch.lines, batch.gaps, number].map(String)
    const isOfLines = ([name]: readonly [string, string]) => belongsToLines(name)
    const ofLines = [...fields].filter(isOfLines).flat()
    const others = [...fields].filter((field) => !isOfLines(field)).flat()
    const sizes = [String(batch.bytes), String(batch.crc)]
    const head = [...figures, bell, ...sizes, batch.body]
    const args = [...head, String(head.length + 1 + ofLines.length), ...ofLines, ...others]
    return toAnswer(await this.#connection.run(appendScript, [...keys, this.#keys.log(run)], args))
  }
}

const storedKinds: readonly ChangeAnswer['kind'][] = ['stored', 'duplicate', 'saved']

interface Owned {
  readonly run: OwnRun
  isRepairing: boolean
  /** How often it was given again what it had lost. */
  repairs: number
  readonly held: Write[]
}

interface Write {
  readonly change: StoredChange
  readonly resolve: (answer: ChangeAnswer) => void
  readonly reject: (reason: AppError) => void
}

function toAnswer(reply: unknown): ChangeAnswer {
  const [kind = '', figure] = listOf(reply).map(textOf)
  const value = Number(figure)
  switch (kind) {
    case 'stored':
    case 'duplicate':
    case 'gap':
    case 'saved':
      return { kind, next: value }
    case 'fenced':
      return { kind: 'fenced', epoch: value }
    case 'missing':
      return { kind: 'missing' }
    default:
      throw new AppError('store-failed', 'Redis has given an answer that is none of ours.')
  }
}
