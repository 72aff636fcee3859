/**
 * What the owner of a run knows of it: its fields as they were before the newest changes, and these
 * changes in order. From both, all of it can be made again when Redis has lost it.
 */
import { limits } from '../../shared/limits.ts'
import type { RunId } from '../../shared/run.ts'
import type { RunFields } from './run-fields.ts'

/** A change as it is sent: with lines, or without. */
export interface StoredChange {
  readonly run: RunId
  readonly epoch: number
  /** Rises with every change that this process makes. */
  readonly number: number
  readonly fields: RunFields
  readonly batch?: StoredBatch
}

export interface StoredBatch {
  readonly pos: number
  readonly next: number
  readonly lines: number
  readonly gaps: number
  /** Bytes of the lines alone. */
  readonly bytes: number
  readonly crc: number
  readonly body: Uint8Array
}

export type ChangeAnswer =
  | { readonly kind: 'stored' | 'duplicate' | 'gap' | 'saved'; readonly next: number }
  | { readonly kind: 'fenced'; readonly epoch: number }
  | { readonly kind: 'missing' }

export class OwnRun {
  readonly id: RunId
  readonly epoch: number
  readonly #base: Map<string, string>
  readonly #changes: { readonly change: StoredChange; readonly atMs: number }[] = []
  #bytes = 0
  /** Position after the last line that Redis has confirmed. */
  #next: number
  #endedAtMs: number | undefined

  constructor(id: RunId, fields: RunFields) {
    this.id = id
    this.#base = new Map(fields)
    this.epoch = this.#number('epoch')
    this.#next = this.#number('next')
  }

  get changes(): readonly StoredChange[] {
    return this.#changes.map(({ change }) => change)
  }

  get owner(): string {
    return this.#base.get('owner') ?? ''
  }

  /** Position at which what is kept begins. */
  get from(): number {
    return this.#number('next')
  }

  /** When it was confirmed that the run has ended, by the steady clock. */
  get endedAtMs(): number | undefined {
    return this.#endedAtMs
  }

  /** Whether Redis has answered as one that has lost what it had confirmed. */
  isBehind(answer: ChangeAnswer): boolean {
    switch (answer.kind) {
      case 'missing':
        // Somebody may have removed it since.
        return this.#endedAtMs === undefined
      case 'fenced':
        return answer.epoch < this.epoch
      case 'stored':
      case 'duplicate':
      case 'gap':
      case 'saved':
        return answer.next < this.#next
    }
  }

  /** Redis has confirmed it. `bytesMax`: how much this run may keep. */
  confirm(change: StoredChange, { nowMs, bytesMax }: { nowMs: number; bytesMax: number }): void {
    const { batch, fields } = change
    if (change.epoch !== this.epoch || (batch !== undefined && batch.pos !== this.#next)) return
    this.#next = batch?.next ?? this.#next
    if (fields.get('state') === 'ended') this.#endedAtMs ??= nowMs
    this.#changes.push({ change, atMs: nowMs })
    this.#bytes += sizeOf(change)
    this.#trim(nowMs, bytesMax)
  }

  #trim(nowMs: number, bytesMax: number): void {
    const least = Math.min(limits.redisKeptBytesMin, bytesMax)
    for (;;) {
      const [oldest] = this.#changes
      if (oldest === undefined || this.#bytes <= least) return
      if (this.#bytes <= bytesMax && nowMs - oldest.atMs < limits.redisKeptMs) return
      this.#changes.shift()
      this.#bytes -= sizeOf(oldest.change)
      this.#fold(oldest.change)
    }
  }

  /** The lines were removed: there is nothing to bring back. */
  drop(): void {
    for (const { change } of this.#changes.splice(0)) this.#fold(change)
    this.#bytes = 0
    this.#base.set('first', String(this.#next))
    this.#base.set('hot', String(this.#next))
  }

  /**
   * The fields with which a lost run begins again, one line before what is kept: a row is there that
   * says so. With an archive the lines before that are there, and what is not, its rows say.
   */
  fieldsAtStart(hasArchive: boolean): RunFields {
    const hot = String(Math.max(this.#number('first'), this.from - 1))
    const first = hasArchive ? String(this.#number('first')) : hot
    return new Map([...this.#base, ['first', first], ['hot', hot]])
  }

  #fold({ fields, batch, number }: StoredChange): void {
    for (const [name, value] of fields) this.#base.set(name, value)
    this.#base.set('change', String(number))
    if (batch === undefined) return
    this.#base.set('next', String(batch.next))
    this.#base.set('lines', String(this.#number('lines') + batch.lines))
    this.#base.set('gaps', String(this.#number('gaps') + batch.gaps))
  }

  #number(name: string): number {
    return Number(this.#base.get(name) ?? 0)
  }
}

/** Fields are counted too: progress may be far more than the lines. And so is the object itself. */
function sizeOf({ batch, fields }: StoredChange): number {
  let bytes = 512 + (batch?.body.length ?? 0)
  for (const value of fields.values()) bytes += value.length
  return bytes
}
