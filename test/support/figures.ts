/** Figures of `/metrics` as tests read them: of the parts of a process, or of a running server. */
import { isDeepStrictEqual } from 'node:util'
import type { Labels, Metrics } from '../../src/core/metrics/metrics.ts'
import { type ParsedFamily, parseExposition } from './exposition-parser.ts'

/** One figure; throws when it is not there. */
export async function figureOf(
  metrics: Metrics,
  name: string,
  labels: Labels = {},
): Promise<number> {
  const families = await metrics.read()
  const found = families
    .flatMap((family) => family.samples.map((sample) => ({ ...sample, family: family.name })))
    .find((one) => one.family + one.suffix === name && isDeepStrictEqual(one.labels, labels))
  if (found === undefined) throw new Error(`There is no ${name} ${JSON.stringify(labels)}.`)
  return found.value
}

/** All of a server; one that asks for logins is given its own API token. */
export async function figuresAt({
  url,
  token,
}: {
  readonly url: string
  readonly token?: string
}): Promise<readonly ParsedFamily[]> {
  const headers: Record<string, string> =
    token === undefined ? {} : { authorization: `Bearer ${token}` }
  const answer = await fetch(`${url}/metrics`, { headers })
  if (!answer.ok) throw new Error(`/metrics answered ${answer.status}.`)
  return parseExposition(await answer.text())
}
