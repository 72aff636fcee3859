/** The keys of stored secrets, over HTTP. */
import type { RotatedKey, SecretKeysReport } from '../shared/protocol/secret-keys.ts'
import { array, asFields, text, whole } from './event-parser.ts'

/** Every call rejects with an AppError. */
export interface SecretKeysApi {
  report(): Promise<SecretKeysReport>
  prepare(): Promise<SecretKeysReport>
  rotate(forgetOld: boolean): Promise<RotatedKey>
}

/** Sends a request to the server; rejects with an AppError. */
type Send = (path: string, init?: RequestInit) => Promise<Response>

export function createSecretKeysApi(send: Send): SecretKeysApi {
  const json = async (path: string, init?: RequestInit): Promise<unknown> =>
    (await send(path, init)).json()
  const post = (word: string, body: object): Promise<unknown> =>
    json(`${base}/${word}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  return {
    report: async () => asReport(await json(base)),
    prepare: async () => asReport(await post('prepare', {})),
    rotate: async (forgetOld) => {
      const value = await post('rotate', { forgetOld })
      return { ...asReport(value), resealed: whole(asFields(value), 'resealed') }
    },
  }
}

const base = '/api/v1/secrets'

function asReport(value: unknown): SecretKeysReport {
  const fields = asFields(value)
  text(fields, 'file')
  array(fields, 'keys').forEach((key) => whole(asFields(key), 'secrets'))
  array(fields, 'unreadable')
  // What the server checked against the same type is not spelt out field by field again.
  return value as SecretKeysReport
}
