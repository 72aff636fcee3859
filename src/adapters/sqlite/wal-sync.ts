/** `--sync interval`: syncs the WAL some time after each commit, beside the commits. */
import { type FileHandle, open } from 'node:fs/promises'
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'

export class WalSync {
  readonly #file: FileHandle
  readonly #onFailure: (error: AppError) => void
  #timer: NodeJS.Timeout | undefined
  #underWay: Promise<void> = Promise.resolve()
  #isDirty = false

  /** The file must be there and stay the same while the database is open, as that of SQLite does. */
  static async open(wal: string, onFailure: (error: AppError) => void): Promise<WalSync> {
    return new WalSync(await open(wal, 'r+'), onFailure)
  }

  private constructor(file: FileHandle, onFailure: (error: AppError) => void) {
    this.#file = file
    this.#onFailure = onFailure
  }

  /** To be called after each commit. */
  noteCommit(): void {
    this.#isDirty = true
    this.#timer ??= setTimeout(() => this.#start(), limits.syncIntervalMs)
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer)
    await this.#underWay
    await this.#file.close()
  }

  #start(): void {
    this.#isDirty = false
    this.#underWay = this.#sync()
  }

  async #sync(): Promise<void> {
    try {
      await this.#file.datasync()
    } catch (cause) {
      // Never tried again: a second sync could succeed although the first has lost data.
      this.#onFailure(new AppError('store-failed', 'The disk did not confirm a write.', { cause }))
      return
    }
    this.#timer = undefined
    if (this.#isDirty) this.noteCommit()
  }
}
