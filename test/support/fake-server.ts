/**
 * The built page with scripted answers, over real HTTP: for pictures and for states that a real
 * server reaches only by accident. What counts is tested against the real one.
 */
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import path from 'node:path'
import { securityHeaders } from '../../src/http/headers.ts'
import type { StreamEvent, WireLine } from '../../src/shared/protocol/events.ts'
import type { Run } from '../../src/shared/run.ts'
import type { StoredCommand } from '../../src/shared/saved-command.ts'
import { automationAnswer, isAutomation } from './fake-automation.ts'
import { fakeLine } from './fake-data.ts'
import type { FakeGroups } from './fake-groups.ts'
import { hostAnswer, targetAnswer } from './fake-hosts.ts'
import { retentionAnswer } from './fake-retention.ts'
import { histogramAnswer, listedRuns, searchAnswer, taskLines } from './fake-search.ts'

export interface FakeServer extends AsyncDisposable {
  readonly url: string
  readonly runs: Map<string, Run>
  signedIn: boolean
  /** False: streams are cut and refused, as when the server is gone. */
  isUp: boolean
  /** The line at a position of every run. */
  lineOf: (pos: number) => WireLine
  /** True: pages of lines are refused, as when the store does not answer. */
  refusesLines: boolean
  /** What the hosts of every run have printed, grouped; null: there is none of it. */
  groups: FakeGroups | null
  /** Saved commands. */
  saved: readonly StoredCommand[]
  /** Sends an event to every open stream of a run. */
  send(id: string, event: StreamEvent): void
  cutStreams(): void
  /** Streams that are open now. */
  readonly openStreams: number
  /** The runs and cursors of all streams that were asked for, `id:from,id:from`, newest last. */
  readonly askedStreams: readonly string[]
  /** Bodies of POST requests, newest last. */
  readonly posts: { readonly path: string; readonly body: unknown }[]
}

const webRoot = path.resolve(import.meta.dirname, '../../dist/web')
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

export async function startFakeServer(): Promise<FakeServer> {
  const streams = new Map<ServerResponse, FakeStream>()
  const askedStreams: string[] = []
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', fake.url)
    if (!url.pathname.startsWith('/api/')) return sendFile(response, url.pathname)
    if (!fake.isUp) return void response.destroy()
    if (request.method === 'POST')
      fake.posts.push({ path: url.pathname, body: await readBody(request) })
    answer(url, response)
  }

  function answer(url: URL, response: ServerResponse): void {
    if (url.pathname === '/api/v1/session') return sendSession(response)
    if (url.pathname === '/api/v1/sign-in') {
      return fake.signedIn ? sendSession(response) : sendError(response, 401, 'bad-token')
    }
    if (!fake.signedIn) return sendError(response, 401, 'unauthorized')
    if (url.pathname === '/api/v1/stream') {
      return openStream(url.searchParams.get('runs') ?? '', response, { isShared: true })
    }
    if (url.pathname.startsWith('/api/v1/hosts')) {
      return sendJson(response, 200, hostAnswer(url, fake.runs.values()))
    }
    if (url.pathname.startsWith('/api/v1/retention')) {
      return sendJson(response, 200, retentionAnswer(url))
    }
    const [, automation] = /^\/api\/v1\/(alerts|schedules|triggers)$/.exec(url.pathname) ?? []
    if (isAutomation(automation)) return sendJson(response, 200, automationAnswer(automation))
    if (url.pathname === '/api/v1/commands') {
      return sendJson(response, 200, { commands: fake.saved })
    }
    if (url.pathname === '/api/v1/groups' || url.pathname === '/api/v1/targets') {
      return sendJson(response, 200, targetAnswer(url))
    }
    if (url.pathname !== '/api/v1/runs') return answerRun(url, response)
    sendJson(response, 200, { runs: listedRuns(url, fake.runs.values()) })
  }

  function sendSession(response: ServerResponse): void {
    const { signedIn } = fake
    sendJson(response, 200, { auth: 'token', signedIn, pageKey: 'key', version: '0.1.0' })
  }

  function answerRun(url: URL, response: ServerResponse): void {
    const [, id = '', part = ''] = /^\/api\/v1\/runs\/([^/]+)\/?(.*)$/.exec(url.pathname) ?? []
    const run = fake.runs.get(id)
    if (run === undefined) return sendError(response, 404, 'not-found')
    if (part === 'lines' && fake.refusesLines) return sendError(response, 503, 'store-failed')
    const { groups } = fake
    if (part === 'groups' && groups !== null) {
      return sendJson(response, 200, { ...groups.grouped, run: id })
    }
    if (part === 'lines' && url.searchParams.has('task')) {
      if (groups?.run === id) return sendTaskLines(url, groups, response)
      return sendJson(response, 200, taskLines(url, run, fake.lineOf))
    }
    if (part === 'lines') return sendLines(url, { run, lineOf: fake.lineOf }, response)
    if (part === 'search') return void response.end(searchAnswer(url, run, fake.lineOf))
    if (part === 'histogram') {
      return sendJson(response, 200, histogramAnswer(url, run, fake.lineOf))
    }
    if (part === 'marks') return sendJson(response, 200, { marks: [] })
    if (part === 'stream') {
      const from = url.searchParams.get('from') ?? '0'
      return openStream(`${id}:${from}`, response, { isShared: false })
    }
    sendJson(response, 200, part === '' || part === 'stop' ? run : {})
  }

  function openStream(
    runs: string,
    response: ServerResponse,
    { isShared }: { readonly isShared: boolean },
  ): void {
    const cursors = new Map(runs.split(',').map((part) => [part.split(':')[0] ?? '', part]))
    if ([...cursors.keys()].some((id) => !fake.runs.has(id))) {
      return sendError(response, 404, 'not-found')
    }
    askedStreams.push(runs)
    response.writeHead(200, { 'content-type': 'text/event-stream', ...securityHeaders })
    const stream = { ids: new Set(cursors.keys()), isShared }
    for (const [id, part] of cursors) {
      const run = fake.runs.get(id)
      if (run === undefined) continue
      const from = Number(part.split(':')[1])
      const send = (event: StreamEvent): void => write(response, event, isShared ? id : null)
      send({ kind: 'run', run })
      if (from < run.next) sendStretch(send, { from, end: run.next, lineOf: fake.lineOf })
    }
    streams.set(response, stream)
    response.on('close', () => streams.delete(response))
  }

  const fake: FakeServer = {
    url: `http://127.0.0.1:${port}`,
    runs: new Map(),
    signedIn: true,
    isUp: true,
    lineOf: fakeLine,
    refusesLines: false,
    groups: null,
    saved: [],
    posts: [],
    askedStreams,
    get openStreams() {
      return streams.size
    },
    send(id, event) {
      for (const [response, { ids, isShared }] of streams) {
        if (ids.has(id)) write(response, event, isShared ? id : null)
      }
    },
    cutStreams() {
      for (const response of streams.keys()) response.destroy()
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return fake
}

interface FakeStream {
  readonly ids: ReadonlySet<string>
  /** Of several runs: each event names its own. */
  readonly isShared: boolean
}

interface LinesOf {
  readonly run: Run
  readonly lineOf: (pos: number) => WireLine
}

function sendLines(url: URL, { run, lineOf }: LinesOf, response: ServerResponse): void {
  const from = Number(url.searchParams.get('from'))
  const end = Math.min(run.next, from + Number(url.searchParams.get('limit')))
  const lines = Array.from({ length: Math.max(0, end - from) }, (_, at) => lineOf(from + at))
  sendJson(response, 200, { run: run.id, from, next: Math.max(from, end), lines })
}

/** All lines of one task at once. */
function sendTaskLines(url: URL, groups: FakeGroups, response: ServerResponse): void {
  const from = Number(url.searchParams.get('from'))
  const all = groups.linesOf(Number(url.searchParams.get('task')))
  const lines = all.filter(({ pos }) => pos >= from)
  sendJson(response, 200, { from, next: (lines.at(-1)?.pos ?? from - 1) + 1, lines })
}

function sendStretch(
  send: (event: StreamEvent) => void,
  { from, end, lineOf }: { readonly from: number; readonly end: number } & Pick<LinesOf, 'lineOf'>,
): void {
  for (let pos = from; pos < end; pos++) {
    const { task, channel, time, text } = lineOf(pos)
    const groups = [{ task, channel, time, lines: [text] }]
    send({ kind: 'lines', pos, next: pos + 1, groups })
  }
}

function write(response: ServerResponse, event: StreamEvent, runId: string | null): void {
  const { kind, ...data } = event
  const named = runId === null ? data : { runId, ...data }
  response.write(`event: ${kind}\ndata: ${JSON.stringify(named)}\n\n`)
}

async function sendFile(response: ServerResponse, pathname: string): Promise<void> {
  const isAsset = path.extname(pathname) !== ''
  const file = path.join(webRoot, isAsset ? pathname : 'index.html')
  const type = types[path.extname(file)] ?? 'application/octet-stream'
  try {
    const content = await readFile(file)
    response.writeHead(200, { 'content-type': type, ...securityHeaders }).end(content)
  } catch {
    response.writeHead(404).end()
  }
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response
    .writeHead(status, { 'content-type': 'application/json', ...securityHeaders })
    .end(JSON.stringify(body))
}

function sendError(response: ServerResponse, status: number, code: string): void {
  sendJson(response, status, { error: { code, message: `The fake says ${code}.`, hint: '' } })
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of request) if (chunk instanceof Buffer) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString()
  return text === '' ? null : JSON.parse(text)
}
