/** Answers the questions of one login: by what was typed or remembered, else by asking a person. */
import type { ConnectRequest } from '../../core/remote/remote-host.ts'
import { AppError, toAppError } from '../../shared/errors.ts'
import type { Answer } from '../../shared/question.ts'
import { Secret } from '../../shared/secret.ts'
import type { AskedPrompt } from './askpass-server.ts'
import { changedKeyError } from './known-hosts.ts'
import { type HostKeyQuestion, type Prompt, readPrompt, wantsPassword } from './prompt.ts'

export interface LoginQuestionsParts {
  readonly request: ConnectRequest
  /** Secrets that worked for this host before, by prompt: a second connection need not ask again. */
  readonly remembered: Map<string, Secret>
  /** The host with user and port, to start a sentence with. */
  readonly describe: () => Promise<string>
  /** Process id of our own ssh: a jump host's ssh asks too, and must not get the typed password. */
  readonly pid: () => number | undefined
  /** Ends the login at once: ssh itself would ask again, or try an empty password. */
  readonly fail: (error: unknown) => void
  /** A question is open: time that passes is a person's. */
  readonly waiting: (open: boolean) => void
}

export class LoginQuestions {
  readonly #parts: LoginQuestionsParts
  /** How often each prompt has come in this login. */
  readonly #asked = new Map<string, number>()
  readonly #given = new Map<string, Secret>()
  #typedGiven = false
  #approved: HostKeyQuestion | null = null

  constructor(parts: LoginQuestionsParts) {
    this.#parts = parts
  }

  /** A host was given at least one secret. */
  get secretGiven(): boolean {
    return this.#typedGiven || this.#given.size > 0
  }

  /** The login has worked, so its secrets were right. */
  remember(): void {
    for (const [prompt, secret] of this.#given) this.#parts.remembered.set(prompt, secret)
  }

  async answer(asked: AskedPrompt, signal: AbortSignal): Promise<string | null> {
    try {
      const prompt = readPrompt(asked.prompt, asked.hint)
      switch (prompt.kind) {
        case 'host-key':
          return await this.#hostKey(prompt.question, signal)
        case 'host-key-again':
          throw await this.#notTrusted(this.#approved, 'ssh did not take the approval.')
        case 'secret':
          return await this.#secret(prompt, asked.parent, signal)
        case 'confirm':
          return 'no'
        case 'notice':
          return null
        default:
          return prompt satisfies never
      }
    } catch (thrown) {
      this.#parts.fail(thrown)
      return null
    }
  }

  async #hostKey(question: HostKeyQuestion, signal: AbortSignal): Promise<string> {
    const { otherTypesKnown, ...asked } = question
    const { keyType, fingerprint } = question
    if (otherTypesKnown) {
      const host = await this.#parts.describe()
      throw changedKeyError(host, { keyType, fingerprint, known: null })
    }
    let answer: Answer
    try {
      answer = await this.#ask(() => this.#parts.request.ask(asked, signal))
    } catch (thrown) {
      throw await this.#notTrusted(question, toAppError(thrown).message)
    }
    if (answer.kind !== 'trust') {
      throw await this.#notTrusted(question, 'Nobody has trusted it.')
    }
    if (answer.fingerprint !== fingerprint) {
      throw await this.#notTrusted(question, 'The approval names another fingerprint.')
    }
    this.#approved = question
    // Never "yes": ssh compares once more what it is about to trust.
    return fingerprint
  }

  async #secret(
    prompt: Extract<Prompt, { kind: 'secret' }>,
    parent: number,
    signal: AbortSignal,
  ): Promise<string> {
    const { login } = this.#parts.request
    if (login !== undefined && parent === this.#parts.pid() && wantsPassword(prompt)) {
      if (this.#typedGiven) {
        const host = await this.#parts.describe()
        throw new AppError('password-refused', `${host} refused the password.`)
      }
      this.#typedGiven = true
      return login.password.reveal()
    }
    // Two keys or two hosts may have the same words; the process tells hosts apart.
    const key = `${parent === this.#parts.pid() ? '' : 'jump '}${prompt.prompt}`
    const refused = this.#asked.get(key) ?? 0
    this.#asked.set(key, refused + 1)
    const known = refused === 0 ? this.#parts.remembered.get(key) : undefined
    if (known !== undefined) {
      this.#given.set(key, known)
      return known.reveal()
    }
    const { ask, prompt: text } = prompt
    const answer = await this.#ask(() =>
      this.#parts.request.ask({ kind: 'secret', ask, prompt: text, echo: false, refused }, signal),
    )
    if (answer.kind !== 'secret') {
      const host = await this.#parts.describe()
      throw new AppError(
        'login-cancelled',
        `${host} was not logged into: a question was cancelled.`,
      )
    }
    const secret = new Secret(answer.secret)
    // A one-time code must not be offered twice.
    if (ask !== 'keyboard-interactive' || wantsPassword(prompt)) this.#given.set(key, secret)
    return answer.secret
  }

  async #ask(ask: () => Promise<Answer>): Promise<Answer> {
    this.#parts.waiting(true)
    try {
      return await ask()
    } finally {
      this.#parts.waiting(false)
    }
  }

  async #notTrusted(question: HostKeyQuestion | null, why: string): Promise<AppError> {
    const key =
      question === null ? '' : `: ${question.host} has ${question.keyType} ${question.fingerprint}`
    const sentence = `${await this.#parts.describe()} shows an unknown host key${key}. ${why} Nothing was sent.`
    return new AppError('host-key-unknown', sentence)
  }
}
