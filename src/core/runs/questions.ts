/** Questions that tasks of a run have asked and that wait for a person. */
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import type { Answer, Question } from '../../shared/question.ts'
import type { Clock } from '../clock.ts'
import type { AskedQuestion } from '../remote/remote-host.ts'

interface Open {
  readonly question: Question
  readonly settle: (answer: Answer | AppError) => void
}

export class Questions {
  readonly #clock: Clock
  readonly #open = new Map<number, Open>()
  #last = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * Opens a question of a task; `shown` gets it with its number. Resolves with the answer. Rejects
   * with `login-cancelled`, with `login-timeout` after `questionTimeoutMs`, or with the signal's reason.
   */
  async ask(asked: AskedQuestion, options: AskOptions): Promise<Answer> {
    this.#last += 1
    const question: Question = { ...asked, id: this.#last }
    const { task, signal } = options
    const answer = await new Promise<Answer | AppError>((resolve) => {
      const settle = (value: Answer | AppError) => {
        cancelTimer()
        signal.removeEventListener('abort', abort)
        if (this.#open.get(task)?.question === question) this.#open.delete(task)
        resolve(value)
      }
      const abort = () => settle(cancelled())
      const cancelTimer = this.#clock.after(limits.questionTimeoutMs, () => settle(timedOut()))
      signal.addEventListener('abort', abort)
      this.#open.set(task, { question, settle })
      options.shown(question)
      if (signal.aborted) abort()
    })
    if (answer instanceof AppError) throw answer
    return answer
  }

  /** Rejects (throws) with `conflict` when the question is not open any more, or with `bad-request`. */
  answer(task: number, answer: Answer): void {
    const open = this.#open.get(task)
    if (open === undefined || open.question.id !== answer.question) {
      throw new AppError(
        'conflict',
        'This question is not open any more: it was answered or withdrawn.',
      )
    }
    if (answer.kind === 'cancel') {
      open.settle(cancelled())
      return
    }
    const { question } = open
    const fits = question.kind === 'host-key' ? answer.kind === 'trust' : answer.kind === 'secret'
    if (!fits)
      throw new AppError('bad-request', 'The answer is not of the kind that was asked for.')
    if (answer.kind === 'trust' && question.kind === 'host-key') {
      if (answer.fingerprint !== question.fingerprint) {
        throw new AppError('bad-request', 'This is not the fingerprint of the key that was shown.')
      }
    }
    open.settle(answer)
  }
}

interface AskOptions {
  readonly task: number
  readonly signal: AbortSignal
  readonly shown: (question: Question) => void
}

function cancelled(): AppError {
  return new AppError('login-cancelled', 'The question was cancelled.')
}

function timedOut(): AppError {
  return new AppError('login-timeout', 'Nobody answered the question in time.')
}
