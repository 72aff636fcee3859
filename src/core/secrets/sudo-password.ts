/** The sudo password of a run: asked once, tried on one host first, and then good for all. */
import { AppError } from '../../shared/errors.ts'
import type { Secret } from '../../shared/secret.ts'

export interface SudoHost {
  /** Puts the question to a person; `refused`: how often the answer was wrong before. */
  ask(refused: number): Promise<Secret>
  /** Whether sudo on this host takes it. */
  takes(password: Secret): Promise<boolean>
}

export class SudoPassword {
  #password: Secret | null
  #isProven: boolean
  #refused = 0
  /** Why nobody is asked any more. */
  #failure: AppError | undefined
  #turn: Promise<unknown> = Promise.resolve()
  /** Called with each new password before anything of it can be printed. */
  onGiven: () => Promise<void> = async () => {}

  constructor(password: Secret | null) {
    this.#password = password
    this.#isProven = password !== null
  }

  get password(): Secret | null {
    return this.#password
  }

  /**
   * The password that this host takes. Until one host has taken it the others wait: a wrong one must
   * not lock a user out of fifty hosts at once. Rejects with `sudo-refused`, or why nobody has answered.
   */
  async forHost(host: SudoHost): Promise<Secret> {
    if (!this.#isProven) {
      const proven = this.#turn.then(() => this.#prove(host))
      this.#turn = proven.catch(() => undefined)
      const taken = await proven
      if (taken !== undefined) return taken
    }
    const password = this.#password
    if (password !== null && (await host.takes(password))) return password
    throw refused('The sudo password of this run is another one than that of this host.')
  }

  /** Undefined when another host has proven it meanwhile. */
  async #prove(host: SudoHost): Promise<Secret | undefined> {
    if (this.#isProven) return undefined
    if (this.#failure !== undefined) throw this.#failure
    try {
      return await this.#askUntilTaken(host)
    } catch (thrown) {
      if (thrown instanceof AppError && finalCodes.includes(thrown.code)) this.#failure = thrown
      throw thrown
    }
  }

  async #askUntilTaken(host: SudoHost): Promise<Secret> {
    for (;;) {
      const password = await host.ask(this.#refused)
      this.#password = password
      await this.onGiven()
      if (await host.takes(password)) {
        this.#isProven = true
        return password
      }
      this.#refused += 1
      if (this.#refused >= triesMax) throw refused('The sudo password was wrong twice.')
    }
  }
}

/** One question, and one more: many hosts lock a user out after three. */
const triesMax = 2
const finalCodes: readonly string[] = ['sudo-refused', 'login-cancelled', 'login-timeout']

function refused(message: string): AppError {
  return new AppError('sudo-refused', message)
}
