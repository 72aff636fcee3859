/** The policy that is being changed: read once, looked at again with each change, then saved. */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals'
import type { HttpApi } from '../../../client/http-api.ts'
import { createRetentionApi, type RetentionApi } from '../../../client/retention-api.ts'
import { AppError, toAppError } from '../../../shared/errors.ts'
import { policyComplaint, type RetentionPreview } from '../../../shared/retention.ts'
import { type DraftPolicy, draftOf, policyOf } from './draft-policy.ts'

/** Who types on is not asked for each digit. */
const typingMs = 300

export class RetentionModel {
  /** Null until it is here. */
  readonly draft: Signal<DraftPolicy | null> = signal<DraftPolicy | null>(null)
  readonly #preview: Signal<RetentionPreview | null> = signal<RetentionPreview | null>(null)
  readonly #problem: Signal<AppError | null> = signal<AppError | null>(null)
  readonly #api: RetentionApi
  #timer: ReturnType<typeof setTimeout> | undefined
  /** Grows with each change: what is said of an earlier one comes too late. */
  #round = 0

  constructor(api: Pick<HttpApi, 'request'>) {
    this.#api = createRetentionApi((path, init) => api.request(path, init))
  }

  /** What the draft would remove; null while that is looked for. */
  get preview(): ReadonlySignal<RetentionPreview | null> {
    return this.#preview
  }

  get problem(): ReadonlySignal<AppError | null> {
    return this.#problem
  }

  async open(): Promise<void> {
    await this.#try(async () => {
      this.draft.value = draftOf(await this.#api.policy())
      await this.#look()
    })
  }

  change(part: Partial<DraftPolicy>): void {
    if (this.draft.value === null) return
    this.draft.value = { ...this.draft.value, ...part }
    this.#preview.value = null
    this.#round++
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#try(() => this.#look()), typingMs)
  }

  /** Resolves with whether it is saved. */
  async save(): Promise<boolean> {
    const draft = this.draft.value
    if (draft === null) return false
    return this.#try(() => this.#api.save(policyOf(draft)))
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  async #look(): Promise<void> {
    const draft = this.draft.value
    if (draft === null) return
    const policy = policyOf(draft)
    const complaint = policyComplaint(policy)
    if (complaint !== undefined) throw new AppError('bad-request', complaint, { hint: '' })
    const round = ++this.#round
    const preview = await this.#api.preview(policy)
    if (round === this.#round) this.#preview.value = preview
  }

  async #try(work: () => Promise<void>): Promise<boolean> {
    try {
      await work()
      this.#problem.value = null
      return true
    } catch (thrown) {
      this.#problem.value = toAppError(thrown)
      return false
    }
  }
}
