/** Asks between nodes over channels of Redis: sealed for who is asked, because answers of people are secrets. */
import { z } from 'zod'
import { cannotBeAsked, type NodeRequest } from '../../core/nodes/nodes.ts'
import { AppError, type ErrorCode, errorTable, toAppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import { answerSchema } from '../../shared/protocol/requests.ts'
import { runIdPattern } from '../../shared/run.ts'
import type { RedisNodesParts } from './redis-nodes.ts'
import { SealedBoxKey, seal } from './sealed-box.ts'

export interface NodeAsksParts extends RedisNodesParts {
  readonly own: string
  /** On which this node is asked, and hears what it has asked for. */
  readonly channel: string
}

export interface Ask {
  /** Public key and channel of who is asked. */
  readonly key: string
  readonly channel: string
  readonly request: NodeRequest
}

export class NodeAsks {
  readonly #parts: NodeAsksParts
  readonly #key = new SealedBoxKey()
  readonly #waiting = new Map<string, (reply: Reply) => void>()
  readonly #leave: () => void
  /** By the id of the ask, oldest first; `until` on the steady clock. */
  readonly #answers = new Map<
    string,
    { readonly answer: Promise<Reply['error']>; readonly until: number }
  >()
  #handle: ((request: NodeRequest) => Promise<void>) | undefined

  constructor(parts: NodeAsksParts) {
    this.#parts = parts
    this.#leave = parts.subscriber.listen(parts.channel, {
      onText: (text) => void this.#hear(text),
      // Whoever asked meanwhile is told that nobody has answered.
      onMissed: () => {},
    })
  }

  get publicKey(): string {
    return this.#key.publicText
  }

  serve(handle: (request: NodeRequest) => Promise<void>): void {
    this.#handle = handle
  }

  async ask({ key, channel, request }: Ask): Promise<void> {
    const { own, channel: replyTo, randomName, clock } = this.#parts
    const id = `${own}.${randomName(20)}`
    const box = seal(JSON.stringify(request), key, contextOf(id, channel))
    let cancel = () => {}
    const reply = new Promise<Reply>((resolve, reject) => {
      cancel = clock.after(limits.nodeAskMs, () => reject(cannotBeAsked(request)))
      this.#waiting.set(id, resolve)
    })
    const told = new AbortController()
    try {
      const asked = this.#sayUntil(told.signal, channel, { id, replyTo, box })
      const [{ error }] = await Promise.all([reply, asked])
      if (error !== null) throw new AppError(error.code, error.message, { hint: error.hint })
    } finally {
      told.abort()
      cancel()
      this.#waiting.delete(id)
    }
  }

  /** What is published while somebody is not listening yet, or not any more, is lost: said again. */
  async #sayUntil(told: AbortSignal, channel: string, message: object): Promise<void> {
    await this.#say(channel, message)
    const again = async () => {
      for (;;) {
        await this.#parts.clock.sleep(limits.nodeAskAgainMs, told)
        if (told.aborted) return
        await this.#say(channel, message).catch(() => {})
      }
    }
    void again()
  }

  close(): void {
    this.#leave()
    this.#handle = undefined
  }

  /** What is no message of ours is as good as not said. */
  async #hear(text: string): Promise<void> {
    const message = parse(messageSchema, text)
    if (message === undefined) return
    if ('error' in message) return this.#waiting.get(message.id)?.(message)
    const error = await this.#answerOnce(message)
    // Who asked waits no longer than it said.
    await this.#say(message.replyTo, { id: message.id, error }).catch(() => {})
  }

  /** Who asked may say it again, and means it once. */
  #answerOnce(message: z.infer<typeof askSchema>): Promise<Reply['error']> {
    const now = this.#parts.clock.elapsed()
    for (const [id, { until }] of this.#answers) {
      if (until > now) break
      this.#answers.delete(id)
    }
    const known = this.#answers.get(message.id)
    if (known !== undefined) return known.answer
    const answer = this.#answer(message)
    this.#answers.set(message.id, { answer, until: now + 2 * limits.nodeAskMs })
    return answer
  }

  async #answer({ id, box }: z.infer<typeof askSchema>): Promise<Reply['error']> {
    try {
      const text = this.#key.open(box, contextOf(id, this.#parts.channel))
      const request = parse(requestSchema, text)
      if (request === undefined || this.#handle === undefined) throw refused()
      await this.#handle(request)
      return null
    } catch (thrown) {
      const { code, message, hint } = thrown instanceof AppError ? thrown : toAppError(thrown)
      return { code, message, hint }
    }
  }

  async #say(channel: string, message: object): Promise<void> {
    await this.#parts.connection.send(['PUBLISH', channel, JSON.stringify(message)])
  }
}

/** An ask that was taken from one place opens in no other. */
function contextOf(id: string, channel: string): string {
  return `${id} to ${channel}`
}

function refused(): AppError {
  return new AppError('conflict', 'The node that carries the run takes no requests now.')
}

const requestSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('stop'), run: z.string().regex(runIdPattern) }),
  z.object({
    kind: z.literal('answer'),
    run: z.string().regex(runIdPattern),
    task: z.number().int().nonnegative(),
    answer: answerSchema,
  }),
])

const askSchema = z.object({ id: z.string(), replyTo: z.string(), box: z.string() })

const replySchema = z.object({
  id: z.string(),
  error: z
    .object({
      code: z.string().refine((code): code is ErrorCode => code in errorTable),
      message: z.string(),
      hint: z.string(),
    })
    .nullable(),
})

type Reply = z.infer<typeof replySchema>

const messageSchema = z.union([replySchema, askSchema])

function parse<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}
