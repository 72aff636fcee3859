/**
 * Groups of the runs that somebody asks about: each run is followed once, however many ask, from its
 * first line on, and until some time after the last one has asked.
 */
import { AppError, toAppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import type { MaskName } from '../../shared/line-mask.ts'
import type { GroupedRun } from '../../shared/protocol/groups.ts'
import type { Run, RunId } from '../../shared/run.ts'
import type { Clock } from '../clock.ts'
import { Bell } from '../feed/bell.ts'
import type { RunService } from '../runs/run-service.ts'
import { Grouping } from './grouping.ts'

export interface RunGroups {
  /**
   * The groups as of all lines that were stored when this was asked; undefined when the signal has
   * aborted. What is masked does not count. Rejects with `not-found` and `too-many-groupings`.
   */
  read(
    run: RunId,
    signal: AbortSignal,
    masks?: readonly MaskName[],
  ): Promise<GroupedRun | undefined>
  /**
   * The same, and again when they change, until they are final or the signal aborts. Who lags gets
   * the newest only.
   */
  watch(run: RunId, signal: AbortSignal, masks?: readonly MaskName[]): AsyncGenerator<GroupedRun>
}

export interface RunGroupsParts {
  readonly service: Pick<RunService, 'get' | 'readAlong'>
  readonly clock: Clock
}

export function createRunGroups(parts: RunGroupsParts): RunGroups {
  /** By run and masks. */
  const grouped = new Map<string, GroupedFeed>()
  const open = (run: RunId, masks: readonly MaskName[] = []): GroupedFeed => {
    const wish = { run, masks: [...new Set(masks)].toSorted() }
    const key = [run, ...wish.masks].join(' ')
    const known = grouped.get(key)
    if (known !== undefined) return known
    if (grouped.size >= limits.groupedRunsMax) makeRoom(grouped)
    const feed = new GroupedFeed(wish, parts, () => {
      if (grouped.get(key) === feed) grouped.delete(key)
    })
    grouped.set(key, feed)
    return feed
  }
  return {
    read: async (run, signal, masks) => {
      const asked = await parts.service.get(run)
      const feed = open(run, masks)
      using _asking = feed.join()
      return await feed.after(asked, signal)
    },
    watch: async function* (run, signal, masks) {
      const asked = await parts.service.get(run)
      const feed = open(run, masks)
      using _asking = feed.join()
      let news = await feed.after(asked, signal)
      while (news !== undefined) {
        yield news
        if (news.isFinal) return
        await parts.clock.sleep(limits.groupsEveryMs, signal)
        news = await feed.other(news, signal)
      }
    },
  }
}

/** One that nobody is asking for makes room, the oldest first. */
function makeRoom(grouped: ReadonlyMap<string, GroupedFeed>): void {
  const idle = [...grouped.values()].find((feed) => feed.isIdle)
  if (idle !== undefined) return idle.close()
  const message = `The tasks of ${grouped.size} runs are being grouped already.`
  throw new AppError('too-many-groupings', message)
}

interface Wish {
  readonly run: RunId
  readonly masks: readonly MaskName[]
}

/** A follower of a run, which groups its tasks. */
class GroupedFeed {
  readonly #wish: Wish
  readonly #parts: RunGroupsParts
  readonly #onClose: () => void
  readonly #bell = new Bell()
  readonly #stop = new AbortController()
  #grouping: Grouping | undefined
  #failure: AppError | undefined
  #asking = 0
  #cancelClose: (() => void) | undefined

  constructor(wish: Wish, parts: RunGroupsParts, onClose: () => void) {
    this.#wish = wish
    this.#parts = parts
    this.#onClose = onClose
    void this.#follow()
  }

  get isIdle(): boolean {
    return this.#asking === 0
  }

  /** Keeps it until the result is disposed, and some time longer. */
  join(): Disposable {
    this.#asking += 1
    this.#cancelClose?.()
    return {
      [Symbol.dispose]: () => {
        this.#asking -= 1
        if (!this.isIdle) return
        this.#cancelClose = this.#parts.clock.after(limits.groupedKeptMs, () => this.close())
      },
    }
  }

  close(): void {
    this.#cancelClose?.()
    this.#stop.abort()
    this.#onClose()
  }

  /** The groups once all that is known of the run is in them; undefined when the signal aborts. */
  after({ next, state }: Run, signal: AbortSignal): Promise<GroupedRun | undefined> {
    const hasAll = (grouping: Grouping) => state !== 'ended' && grouping.next >= next
    return this.#when((grouping) => grouping.isFinal || hasAll(grouping), signal)
  }

  /** The groups once they are not those that are known; undefined when the signal aborts. */
  other(known: GroupedRun, signal: AbortSignal): Promise<GroupedRun | undefined> {
    return this.#when((grouping) => grouping.answer() !== known, signal)
  }

  async #when(
    isDue: (grouping: Grouping) => boolean,
    signal: AbortSignal,
  ): Promise<GroupedRun | undefined> {
    const wake = () => this.#bell.ring()
    signal.addEventListener('abort', wake, { once: true })
    try {
      while (!signal.aborted) {
        const { rings } = this.#bell
        if (this.#failure !== undefined) throw this.#failure
        if (this.#grouping !== undefined && isDue(this.#grouping)) return this.#grouping.answer()
        await this.#bell.after(rings)
      }
      return undefined
    } finally {
      signal.removeEventListener('abort', wake)
    }
  }

  async #follow(): Promise<void> {
    try {
      while (!this.#stop.signal.aborted && this.#grouping?.isFinal !== true) await this.#pass()
    } catch (thrown) {
      this.#failure = toAppError(thrown)
      this.#bell.ring()
      this.close()
    }
  }

  /** From the first line on, until the end or until what was read is void. */
  async #pass(): Promise<void> {
    this.#grouping = undefined
    const { run, masks } = this.#wish
    for await (const item of this.#parts.service.readAlong(run, this.#stop.signal)) {
      if (item.kind === 'run') this.#grouping ??= new Grouping(item.run, masks)
      this.#grouping?.take(item)
      if (this.#grouping?.isVoid === true) return
      this.#bell.ring()
      if (this.#grouping?.isFinal === true) return
    }
  }
}
