/** Files and other bodies that come slowly, over real connections. */
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startHttpServer, type TestServer } from '../support/http-server.ts'
import { localHosts } from '../support/local-hosts.ts'
import { setLimit } from '../support/set-limit.ts'
import { until } from '../support/until.ts'

let server: TestServer
let resets: readonly (() => void)[]

beforeAll(async () => {
  resets = [setLimit('requestTimeoutMs', 500), setLimit('uploadPauseMsMax', 3_000)]
  server = await startHttpServer({ hosts: localHosts() })
})
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  for (const reset of resets) reset()
})

interface Upload {
  readonly answer: Promise<{ readonly status: number; readonly json: unknown }>
  send(part: string): void
  end(): void
}

function upload(path: string, type: string): Upload {
  const request = httpRequest(`${server.base}${path}`, {
    method: 'POST',
    headers: { 'content-type': type },
    agent: false,
  })
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    request.on('response', resolve)
    request.on('error', reject)
  }).then(async (response) => {
    return { status: response.statusCode ?? 0, json: JSON.parse(await text(response)) }
  })
  // Who is cut is looked at later.
  answer.catch(() => {})
  return { answer, send: (part) => void request.write(part), end: () => void request.end() }
}

const importFile = () => upload('/api/v1/runs/import', 'application/x-ndjson')

/** The file of a run that is not there any more. */
async function removedRun(): Promise<{ readonly id: string; readonly lines: readonly string[] }> {
  const { id } = await server.run('seq 1 2000')
  await server.ended(id)
  const file = await (await fetch(`${server.base}/api/v1/runs/${id}/file`)).text()
  expect((await fetch(`${server.base}/api/v1/runs/${id}`, { method: 'DELETE' })).status).toBe(204)
  return { id, lines: file.split(/(?<=\n)/) }
}

const statusOf = async (id: string) => (await fetch(`${server.base}/api/v1/runs/${id}`)).status

test('a file is imported however slowly it comes, while it comes', async () => {
  const { id, lines } = await removedRun()
  const began = performance.now()
  const sending = importFile()
  const parts = lines.join('').match(/[^]{1,400}/g) ?? []
  for (const [at, part] of parts.entries()) {
    sending.send(part)
    // The slow sender itself: longer in all than any other body may take.
    if (at < 12) await pause(150)
  }
  sending.end()
  expect(performance.now() - began).toBeGreaterThan(1_500)
  expect(await sending.answer).toMatchObject({ status: 201, json: { id, lines: 2_000 } })
  expect(await statusOf(id)).toBe(200)
})

test('a file of which nothing more comes is given up with a sentence, and nothing of it stays', async () => {
  const { id, lines } = await removedRun()
  const sending = importFile()
  sending.send(lines[0] ?? '')
  await until('it has begun', async () => (await statusOf(id)) === 200)
  expect(await sending.answer).toMatchObject({
    status: 408,
    json: {
      error: { code: 'upload-stalled', message: 'Nothing more of the file has come for 3 s.' },
    },
  })
  expect(await statusOf(id)).toBe(404)
})

test('who sends a file that is refused in the middle reads why, although more of it is on its way', async () => {
  const { id, lines } = await removedRun()
  const whole = importFile()
  for (const line of lines) whole.send(line)
  whole.end()
  expect((await whole.answer).status).toBe(201)
  const again = importFile()
  // More than sockets hold: it is sent only when somebody takes it.
  for (let at = 0; at < 40; at++) again.send(`${lines[0]}${' '.repeat(1_000_000)}\n`)
  again.end()
  expect(await again.answer).toMatchObject({ status: 409, json: { error: { code: 'conflict' } } })
  expect(await statusOf(id)).toBe(200)
})

test('any other body is there in time, or its connection is cut, whoever sends it', async () => {
  const slow = upload('/api/v1/runs', 'application/json')
  slow.send('{"target":')
  const trickle = (async () => {
    for (let at = 0; at < 30; at++) {
      slow.send(' ')
      await pause(50)
    }
  })()
  await expect(slow.answer).rejects.toMatchObject({ code: 'ECONNRESET' })
  await trickle
})
