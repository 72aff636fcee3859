/** Port: the processes that carry runs of one store. Each run is owned by one of them, by its name. */
import { AppError } from '../../shared/errors.ts'
import type { Answer } from '../../shared/question.ts'
import type { RunId } from '../../shared/run.ts'

export interface Nodes {
  /** Name under which this process owns runs; never used again by another one. */
  readonly own: string

  /**
   * Whether the process of that name still lives, as far as anybody can tell. A wrong no costs
   * nothing of a durable run: the epoch fences whoever was thought dead. Rejects as the store does.
   */
  isAlive(owner: string): Promise<boolean>

  /**
   * Has the owner of a run do something with it, and resolves when it has. Rejects with what the
   * owner says, or with `conflict` when it cannot be asked or does not answer in time.
   */
  ask(owner: string, request: NodeRequest): Promise<void>

  /** From now on requests of others are carried out by `handle`; before that they are refused. */
  serve(handle: (request: NodeRequest) => Promise<void>): void

  /** Others may take over at once what is still owned by this process. */
  [Symbol.asyncDispose](): Promise<void>
}

export type NodeRequest =
  | { readonly kind: 'stop'; readonly run: RunId }
  | {
      readonly kind: 'answer'
      readonly run: RunId
      readonly task: number
      /** May hold a secret: no adapter shows it to anybody but the owner. */
      readonly answer: Answer
    }

/** The refusal of every adapter whose owner does not answer. */
export function cannotBeAsked({ run }: NodeRequest): AppError {
  return new AppError('conflict', `The node that carries run ${run} does not answer.`, {
    hint: 'Try again in a few seconds: when it is gone, another node takes the run over.',
  })
}
