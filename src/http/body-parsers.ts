/** Bodies: JSON everywhere, files of runs as JSON lines, forms for the article's route (the guard has seen to which is where). */
import { AppError } from '../shared/errors.ts'
import { printable } from '../shared/issue-text.ts'
import { limits } from '../shared/limits.ts'
import type { App, FastifyRequest } from './parts.ts'

export function addBodyParsers(app: App): void {
  app.removeAllContentTypeParsers()
  const options = { parseAs: 'buffer', bodyLimit: limits.bodyBytesMax } as const
  app.addContentTypeParser(
    'application/json',
    options,
    // What is signed is the body as it came: its handler reads it once the signature is right.
    async ({ routeOptions }: FastifyRequest, body: Buffer) =>
      routeOptions.config.access === 'signed' ? body : parseJson(body),
  )
  // A file of a run is read while it comes: it may be larger than the memory.
  app.addContentTypeParser('application/x-ndjson', (_request, body, done) => done(null, body))
  for (const type of ['multipart/form-data', 'application/x-www-form-urlencoded']) {
    app.addContentTypeParser(type, options, async (request: FastifyRequest, body: Buffer) =>
      parseForm(body, request.headers['content-type'] ?? ''),
    )
  }
}

/** A body that holds nothing counts as none. */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    throw new AppError('bad-request', 'The body of this request is not valid JSON.')
  }
}

/** Node's own parser for both kinds of forms. Fields are texts, each once. */
async function parseForm(body: Buffer, type: string): Promise<Record<string, string>> {
  const form = await readForm(body, type)
  const fields = new Map<string, string>()
  form.forEach((value, name) => {
    if (typeof value !== 'string') throw badField(name, 'must be a text, not a file')
    if (fields.has(name)) throw badField(name, 'occurs twice')
    fields.set(name, value)
  })
  return Object.fromEntries(fields)
}

async function readForm(body: Buffer, type: string): Promise<FormData> {
  try {
    return await new Response(new Uint8Array(body), {
      headers: { 'content-type': type },
    }).formData()
  } catch {
    throw new AppError('bad-request', 'The form of this request cannot be read.')
  }
}

function badField(name: string, complaint: string): AppError {
  return new AppError('bad-request', `The field "${printable(name)}" ${complaint}.`)
}
