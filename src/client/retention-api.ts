/** How long runs are kept, over HTTP. */
import {
  keepsAll,
  type RetentionPolicy,
  type RetentionPreview,
  type RunSum,
} from '../shared/retention.ts'
import { asFields, whole } from './event-parser.ts'

/** Every call rejects with an AppError. */
export interface RetentionApi {
  policy(): Promise<RetentionPolicy>
  /** The policy as it counts, with what saved commands say of their own runs. */
  rules(): Promise<RetentionPolicy>
  /** What a policy would remove now. */
  preview(policy: RetentionPolicy): Promise<RetentionPreview>
  /** Keeps by this policy from now on, and removes what is to be removed. */
  save(policy: RetentionPolicy): Promise<void>
}

/** Sends a request to the server; rejects with an AppError. */
type Send = (path: string, init?: RequestInit) => Promise<Response>

export function createRetentionApi(send: Send): RetentionApi {
  const json = async (path: string, init?: RequestInit): Promise<unknown> =>
    (await send(path, init)).json()
  return {
    // What the server checked against the same type is not spelt out field by field again.
    policy: async () => ({ ...keepsAll, ...asFields(await json(base)) }),
    rules: async () => ({ ...keepsAll, ...asFields(await json(`${base}/rules`)) }),
    preview: async (policy) => asPreview(await json(`${base}/preview`, body('POST', policy))),
    save: async (policy) => {
      const done = await send(base, body('PUT', policy))
      await done.body?.cancel()
    },
  }
}

const base = '/api/v1/retention'

function body(method: string, policy: RetentionPolicy): RequestInit {
  return {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(policy),
  }
}

function asPreview(value: unknown): RetentionPreview {
  const fields = asFields(value)
  const sum = (name: string): RunSum => {
    const part = asFields(fields[name])
    return { runs: whole(part, 'runs'), bytes: whole(part, 'bytes') }
  }
  return { lines: sum('lines'), rows: sum('rows'), kept: sum('kept'), pinned: sum('pinned') }
}
