/** Takes the secrets out of a request, before anybody else looks at it. */
import { Secret } from '../../shared/secret.ts'

interface WithSecrets {
  readonly secrets?: Readonly<Record<string, string>> | undefined
}

export interface SplitRequest<Request extends WithSecrets> {
  /** Without them. */
  readonly request: Omit<Request, 'secrets'>
  readonly secrets?: ReadonlyMap<string, Secret>
  /**
   * What an idempotency key stands for: their names alone. A digest of values is stored in clear, and
   * short values can be guessed from one, so the same key with other values gives the first run.
   */
  readonly asked: Omit<Request, 'secrets'> & { readonly secrets?: readonly string[] }
}

export function splitSecrets<Request extends WithSecrets>({
  secrets,
  ...request
}: Request): SplitRequest<Request> {
  if (secrets === undefined) return { request, asked: request }
  const values = Object.entries(secrets).map(([name, value]) => [name, new Secret(value)] as const)
  const asked = { ...request, secrets: Object.keys(secrets).toSorted() }
  return { request, secrets: new Map(values), asked }
}
