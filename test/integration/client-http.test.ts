/** The client against servers that break in every way: proxies, cuts, repetitions. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import type { FollowEvent } from '../../src/client/api.ts'
import { createHttpApi, type HttpApiOptions } from '../../src/client/http-api.ts'
import { AppError } from '../../src/shared/errors.ts'

const id = `r${'a'.repeat(25)}`
const run = {
  id,
  target: 'web-1',
  source: { kind: 'command', command: 'seq 6' },
  state: 'running',
  lines: 6,
  first: 0,
  next: 6,
  createdAt: '2026-01-01T00:00:00.000Z',
  tasks: [],
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void
const servers: Server[] = []

/** A server that gives one answer after the other; the last one again and again. */
async function serve(...answers: readonly Answer[]) {
  return serveWith({}, answers)
}

async function serveWith(options: Partial<HttpApiOptions>, answers: readonly Answer[]) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const answer = answers[Math.min(asked.length, answers.length - 1)]
    asked.push(`${request.url} ${request.headers.authorization ?? ''}`.trim())
    answer?.(request, response)
  }).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  const baseUrl = `http://127.0.0.1:${port}`
  const api = createHttpApi({ baseUrl, token: 'secret-words', ...options })
  return { api, asked }
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

function stream(...events: readonly string[]): Answer {
  return (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(events.join(''))
    response.end()
  }
}

function status(code: number, body = ''): Answer {
  return (_, response) => {
    response.writeHead(code, { 'content-type': 'text/html' }).end(body)
  }
}

function lines(pos: number, count: number): string {
  const texts = Array.from({ length: count }, (_, index) => `line ${pos + index}`)
  const groups = [{ task: 0, channel: 'out', time: run.createdAt, lines: texts }]
  const data = JSON.stringify({ pos, next: pos + count, groups })
  return `id: ${pos + count}\nevent: lines\ndata: ${data}\n\n`
}

const first = `event: run\ndata: ${JSON.stringify({ run })}\n\n`
const end = `event: end\nid: 6\ndata: ${JSON.stringify({ next: 6, run: { ...run, state: 'ended' } })}\n\n`

async function collect(events: AsyncIterable<FollowEvent>): Promise<string[]> {
  const seen: string[] = []
  for await (const event of events) {
    if (event.kind === 'lines') seen.push(...event.groups.flatMap((group) => [...group.lines]))
    else if (event.kind === 'connection') seen.push(event.state)
    else seen.push(event.kind)
  }
  return seen
}

const all = Array.from({ length: 6 }, (_, index) => `line ${index}`)

describe('following a run', () => {
  test('gives every line once over cuts, a proxy page, a repetition and a missing line', async () => {
    const { api, asked } = await serve(
      stream(first, lines(0, 2), lines(2, 2).slice(0, -9)),
      status(502, '<h1>Bad Gateway</h1>'),
      status(200, '<h1>Please log in to this network</h1>'),
      stream(first, lines(0, 4), lines(5, 1)),
      stream(first, lines(4, 2), end),
    )
    const seen = await collect(api.follow(id, 0, new AbortController().signal))
    expect(seen.filter((each) => each.startsWith('line'))).toEqual(all)
    expect(seen.filter((each) => each === 'lost').length).toBe(3)
    expect(seen.at(-1)).toBe('end')
    expect(asked.map((each) => each.split(' ')[0])).toEqual(
      [0, 2, 2, 2, 4].map((from) => `/api/v1/runs/${id}/stream?from=${from}`),
    )
    expect(asked.every((each) => each.endsWith('Bearer secret-words'))).toBe(true)
  })

  test('gives the end although the connection broke just before it', async () => {
    const { api } = await serve(stream(first, lines(0, 6)), status(204), (_, response) => {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ ...run, state: 'ended' }))
    })
    const seen = await collect(api.follow(id, 0, new AbortController().signal))
    expect(seen).toEqual(['live', 'run', ...all, 'lost', 'end'])
  })

  test('gives up a connection that has gone silent, and goes on by another', async () => {
    const silent: Answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(first + lines(0, 3))
    }
    const { api } = await serveWith({ silenceMs: 1_000 }, [silent, stream(first, lines(3, 3), end)])
    const seen = await collect(api.follow(id, 0, new AbortController().signal))
    expect(seen.filter((each) => each.startsWith('line'))).toEqual(all)
    expect(seen).toContain('lost')
  })

  test('waits for a slow reader as long as it takes: silence is only what the server does', async () => {
    const { api, asked } = await serveWith({ silenceMs: 1_000 }, [
      stream(first, lines(0, 3), lines(3, 3), end),
    ])
    const seen: string[] = []
    for await (const event of api.follow(id, 0, new AbortController().signal)) {
      // Longer than the server may be silent.
      if (event.kind === 'lines' && !seen.includes('lines')) await sleep(1_500)
      seen.push(event.kind)
    }
    expect(seen.at(-1)).toBe('end')
    expect(asked.length).toBe(1)
  })

  test('ends with the sentence of the server for what a retry cannot cure', async () => {
    const error = { code: 'not-found', message: 'There is no such run.', hint: 'Look again.' }
    const { api } = await serve(status(404, JSON.stringify({ error })))
    await expect(collect(api.follow(id, 0, new AbortController().signal))).rejects.toThrow(
      'There is no such run.',
    )
  })

  test('ends at once when it is no longer wanted', async () => {
    const { api } = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(first)
    })
    const leave = new AbortController()
    const seen: string[] = []
    for await (const event of api.follow(id, 0, leave.signal)) {
      seen.push(event.kind)
      if (event.kind === 'run') leave.abort()
    }
    expect(seen).toEqual(['connection', 'run'])
  })
})

describe('a call', () => {
  const wrong: readonly (readonly [string, Answer, string, string])[] = [
    ['a proxy that answers', status(502, 'Bad Gateway'), 'bad-response', 'HTTP status 502'],
    ['an answer that is no JSON', status(200, '<html>'), 'bad-response', 'not JSON'],
    ['an answer of another kind', status(200, '{}'), 'bad-response', 'should hold'],
    ['a login page', status(401, '<html>'), 'unauthorized', 'HTTP status 401'],
    [
      'a code of a newer server',
      status(409, '{"error":{"code":"new-code","message":"Moved on.","hint":"Go on."}}'),
      'bad-response',
      'Moved on.',
    ],
  ]
  test.each(wrong)('says what happened with %s', async (...each) => {
    const [, answer, code, message] = each
    const { api } = await serve(answer)
    const thrown: unknown = await api.get(id).catch((error: unknown) => error)
    expect(thrown).toBeInstanceOf(AppError)
    expect(thrown).toMatchObject({ code, message: expect.stringContaining(message) })
  })

  test('says so when there is no server', async () => {
    const api = createHttpApi({ baseUrl: 'http://127.0.0.1:1' })
    await expect(api.list()).rejects.toMatchObject({ code: 'server-unreachable' })
  })
})
