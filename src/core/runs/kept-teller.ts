/** Now and then tells a host how much of a task is stored, so that it can give the space back. */
import { limits } from '../../shared/limits.ts'
import type { Task } from '../../shared/run.ts'
import type { RunningSource } from './modes/run-mode.ts'
import type { RunWriter } from './run-writer.ts'

export class KeptTeller {
  readonly #writer: Pick<RunWriter, 'settled'>
  /** Where the host was last thought of, and its bytes. */
  #told: Task | undefined
  #toldBytes = 0

  constructor(writer: Pick<RunWriter, 'settled'>) {
    this.#writer = writer
  }

  /** The task as it is now, of which everything is on its way to the store. Rejects as `RunWriter.settled` does. */
  async tell(running: Pick<RunningSource, 'kept'>, task: Task): Promise<void> {
    const { outBytes, errBytes } = task
    if (running.kept === undefined || outBytes + errBytes - this.#toldBytes < limits.spoolKeptBytes)
      return
    const before = this.#told
    this.#told = task
    this.#toldBytes = outBytes + errBytes
    await this.#writer.settled()
    // One step behind: with `--sync interval` what was stored last may still be lost in a power cut.
    if (before !== undefined) running.kept(before)
  }
}
