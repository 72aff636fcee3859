/** The marked lines of a run, for everybody who reads it. A stream tells of changes; else they are asked for. */
import { type ReadonlySignal, signal } from '@preact/signals'
import type { FarglassApi } from '../../../client/api.ts'
import type { Mark } from '../../../shared/mark.ts'
import type { RunId } from '../../../shared/run.ts'

export class LineMarks {
  readonly all: ReadonlySignal<readonly Mark[]>
  readonly #all = signal<readonly Mark[]>([])
  readonly #api: Pick<FarglassApi, 'marks' | 'mark'>
  readonly #id: RunId

  constructor(api: Pick<FarglassApi, 'marks' | 'mark'>, id: RunId) {
    this.all = this.#all
    this.#api = api
    this.#id = id
    document.addEventListener('visibilitychange', this.#onVisibility)
  }

  close(): void {
    document.removeEventListener('visibilitychange', this.#onVisibility)
  }

  take(marks: readonly Mark[]): void {
    this.#all.value = marks
  }

  /** Nobody is told when it does not work: marks are a help beside the lines. */
  async refresh(): Promise<void> {
    await this.#api.marks(this.#id).then(
      (marks) => this.take(marks),
      () => {},
    )
  }

  has(pos: number): boolean {
    return this.#all.value.some((mark) => mark.pos === pos)
  }

  /** Marks a line, or takes its mark back. Rejects with what the server says. */
  async toggle(pos: number): Promise<void> {
    this.take(await this.#api.mark(this.#id, pos, !this.has(pos)))
  }

  /** The next marked line after one, from the first again after the last; null without any. */
  after(pos: number | null): number | null {
    const marks = this.#all.value
    const next = marks.find((mark) => pos === null || mark.pos > pos)
    return (next ?? marks[0])?.pos ?? null
  }

  readonly #onVisibility = (): void => {
    if (!document.hidden) void this.refresh()
  }
}
