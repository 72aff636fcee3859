/** Integration tests of the API of runs: bad input, idempotency, pages of lines, exact bytes. */
import { createHash } from 'node:crypto'
import { describe, expect, test, vi } from 'vitest'
import { createHttpApi } from '../../src/client/http-api.ts'
import { AppError } from '../../src/shared/errors.ts'
import { limits } from '../../src/shared/limits.ts'
import { listedRun } from '../../src/shared/listed-run.ts'
import type { LinesPage } from '../../src/shared/protocol/events.ts'
import type { Run } from '../../src/shared/run.ts'
import { bearer, startHttpServer } from '../support/http-server.ts'
import { localHosts } from '../support/local-hosts.ts'
import { open, postJson, type RawAnswer, send, watch } from '../support/raw-http.ts'
import { until } from '../support/until.ts'

const start = (command: string) => ({ target: 'local', source: { kind: 'command', command } })
const follow = (source: object) => ({ target: 'local', source })
const nowhere = `r${'z'.repeat(25)}`

function errorOf(answer: RawAnswer) {
  return (answer.json as { error: { code: string; message: string; hint: string } }).error
}

test('the longest command and the most hosts are taken, however they are written in JSON', async () => {
  await using server = await startHttpServer()
  const names = Array.from({ length: limits.tasksPerRunMax }, (_, at) => `web-${at}.example.com`)
  const body = {
    ...start(`#${'\u0001'.repeat(limits.commandBytesMax - 1)}`),
    target: names.join(','),
    fanout: 1,
  }
  const answer = await postJson(`${server.base}/api/v1/runs`, body)
  expect(answer.status).toBe(201)
  expect((answer.json as Run).tasks.length).toBe(limits.tasksPerRunMax)
})

test('a run that has ended can be removed for good, and no other one', async () => {
  await using server = await startHttpServer()
  const kept = await server.run('echo kept')
  const { id } = await server.run('echo gone; sleep 60')
  const address = `${server.base}/api/v1/runs/${id}`
  const early = await send(address, { method: 'DELETE' })
  expect([early.status, errorOf(early).code]).toEqual([409, 'conflict'])
  expect(errorOf(early).hint).toContain('Stop it first')
  await server.service.stop(id)
  await server.ended(id)
  const removed = await send(address, { method: 'DELETE' })
  expect([removed.status, removed.text]).toEqual([204, ''])
  for (const path of ['', '/lines', '/stream', '/raw']) {
    expect((await send(`${address}${path}`)).status).toBe(404)
  }
  expect((await send(address, { method: 'DELETE' })).status).toBe(404)
  const { runs } = (await send(`${server.base}/api/v1/runs`)).json as { runs: Run[] }
  expect(runs.map((run) => run.id)).toEqual([kept.id])
})

describe('bad input gets a sentence that names the field', () => {
  const good = start('true')
  const rows: readonly [string, unknown, number, string, string][] = [
    ['no target', { source: good.source }, 400, 'bad-target', '"target" is missing'],
    ['empty target', { ...good, target: '' }, 400, 'bad-target', '"target" is empty'],
    ['target of commas', { ...good, target: ',' }, 400, 'bad-target', 'names no host'],
    [
      'a long target',
      { ...good, target: 'x'.repeat(limits.targetCharsMax + 1) },
      400,
      'bad-target',
      `"target" is more than ${limits.targetCharsMax} characters`,
    ],
    [
      'advisory-CVE-2026-4631: an option as target',
      { ...good, target: '-oProxyCommand=x' },
      400,
      'bad-target',
      'is not a host name',
    ],
    ['no source', { target: 'a' }, 400, 'bad-request', '"source" is missing'],
    [
      'a source of no known kind',
      { ...good, source: { kind: 'magic', command: 'x' } },
      400,
      'bad-request',
      '"source.kind" must be one of command, files, journal, container',
    ],
    [
      'a source without kind',
      { ...good, source: { command: 'x' } },
      400,
      'bad-request',
      '"source.kind" must be one of command, files, journal, container',
    ],
    ['no paths', follow({ kind: 'files' }), 400, 'bad-source', '"source.paths" is missing'],
    [
      'an empty list of paths',
      follow({ kind: 'files', paths: [] }),
      400,
      'bad-source',
      '"source.paths" is empty',
    ],
    [
      'a path with a newline',
      follow({ kind: 'files', paths: ['/a', '/a\nb'] }),
      400,
      'bad-source',
      '"source.paths.1" holds a newline',
    ],
    [
      'a path that is no text',
      follow({ kind: 'files', paths: [7] }),
      400,
      'bad-source',
      '"source.paths.0" must be of type string',
    ],
    [
      'too many paths',
      follow({ kind: 'files', paths: Array.from({ length: 65 }, (_, at) => `/${at}`) }),
      400,
      'bad-source',
      '"source.paths" has more than 64 entries',
    ],
    [
      'a unit that would be an option',
      follow({ kind: 'journal', unit: '--vacuum-size=1' }),
      400,
      'bad-source',
      '"source.unit" begins with "-"',
    ],
    [
      'a container that would be a command',
      follow({ kind: 'container', name: 'web;id' }),
      400,
      'bad-source',
      '"source.name" holds a character that no such name has',
    ],
    [
      'more last lines than a start may bring',
      follow({ kind: 'journal', unit: 'nginx', lines: 100_001 }),
      400,
      'bad-source',
      '"source.lines" is more than 100000',
    ],
    [
      'a field of another source',
      follow({ kind: 'journal', unit: 'nginx', paths: ['/a'] }),
      400,
      'bad-request',
      '"paths" is not known',
    ],
    ['an empty command', start(''), 400, 'bad-command', '"source.command" is empty'],
    ['a command with NUL', start('a\0b'), 400, 'bad-command', 'holds a NUL'],
    [
      'a long command',
      start('x'.repeat(limits.commandBytesMax + 1)),
      400,
      'bad-command',
      `is longer than ${limits.commandBytesMax} bytes`,
    ],
    [
      'a command that is no text',
      { ...good, source: { kind: 'command', command: 7 } },
      400,
      'bad-command',
      'must be of type string',
    ],
    [
      'an unknown mode',
      { ...good, mode: 'fast' },
      400,
      'bad-request',
      'must be one of durable, plain, pty',
    ],
    ['a fanout of 0', { ...good, fanout: 0 }, 400, 'bad-request', '"fanout"'],
    ['an unknown field', { ...good, color: 1 }, 400, 'bad-request', '"color" is not known'],
    ['a list', [], 400, 'bad-request', 'must be a JSON object'],
    ['null', null, 400, 'bad-request', 'must be a JSON object'],
    [
      'a body that is too large',
      { ...good, pad: 'x'.repeat(limits.bodyBytesMax) },
      413,
      'body-too-large',
      'too large',
    ],
  ]
  test.each(rows)('%s', async (...row) => {
    const [, body, status, code, words] = row
    await using server = await startHttpServer()
    const answer = await postJson(`${server.base}/api/v1/runs`, body)
    expect([answer.status, errorOf(answer).code]).toEqual([status, code])
    expect(errorOf(answer).message).toContain(words)
    expect(errorOf(answer).hint).not.toBe('')
    expect(await server.service.list({ limit: 10 })).toEqual([])
  })

  test.each([
    ['GET', '/api/v1/nothing', 404, 'not-found'],
    ['GET', '/nothing', 404, 'not-found'],
    ['GET', '/api/v1/runs/short', 404, 'not-found'],
    ['GET', `/api/v1/runs/${nowhere}`, 404, 'not-found'],
    ['GET', `/api/v1/runs/${nowhere}/lines`, 404, 'not-found'],
    ['GET', `/api/v1/runs/${nowhere}/raw`, 404, 'not-found'],
    ['GET', `/api/v1/runs/${nowhere}/stream`, 404, 'not-found'],
    ['POST', `/api/v1/runs/${nowhere}/stop`, 404, 'not-found'],
    ['GET', `/api/v1/runs/${'x'.repeat(150)}`, 404, 'not-found'],
    ['GET', '/stream?channel=x', 404, 'not-found'],
    ['GET', '/stream', 400, 'bad-request'],
    ['GET', '/api/v1/stream', 400, 'bad-request'],
    ['GET', '/api/v1/stream?runs=', 404, 'not-found'],
    ['GET', `/api/v1/stream?runs=${nowhere}:0`, 404, 'not-found'],
    ['GET', `/api/v1/stream?runs=${nowhere}:x`, 400, 'bad-cursor'],
    ['GET', `/api/v1/stream?runs=${nowhere},${nowhere}:1`, 400, 'bad-request'],
    ['GET', `/api/v1/stream?runs=${'a,'.repeat(64)}`, 400, 'bad-request'],
    ['GET', '/run', 405, 'method-not-allowed'],
    ['DELETE', '/api/v1/runs', 405, 'method-not-allowed'],
    ['POST', `/api/v1/runs/${nowhere}/stream`, 405, 'method-not-allowed'],
    ['PUT', '/healthz', 405, 'method-not-allowed'],
    ['GET', '/api/v1/runs?limit=0', 400, 'bad-request'],
    ['GET', '/api/v1/runs?limit=x', 400, 'bad-request'],
    ['GET', '/api/v1/runs?color=1', 400, 'bad-request'],
    ['GET', '/api/v1/runs?state=sleeping', 400, 'bad-request'],
    ['GET', '/api/v1/runs?outcome=failed,odd', 400, 'bad-request'],
    ['GET', '/api/v1/runs?since=yesterday', 400, 'bad-request'],
    ['GET', '/api/v1/runs?q=', 400, 'bad-request'],
    ['GET', '/api/v1/runs?limit=1&limit=2', 400, 'bad-request'],
    ['GET', `/api/v1/runs/${nowhere}/lines?from=-1`, 400, 'bad-cursor'],
    ['GET', `/api/v1/runs/${nowhere}/lines?from=1e3`, 400, 'bad-cursor'],
    ['GET', `/api/v1/runs/${nowhere}/stream?from=9007199254740992`, 400, 'bad-cursor'],
    ['GET', `/api/v1/runs/${nowhere}/stream?from=x`, 400, 'bad-cursor'],
    ['GET', '/%zz', 400, 'bad-request'],
  ])('%s %s gives %i %s', async (...row) => {
    const [method, path, status, code] = row
    await using server = await startHttpServer()
    const answer = await send(`${server.base}${path}`, { method })
    expect([answer.status, errorOf(answer).code]).toEqual([status, code])
    expect(errorOf(answer).message).toMatch(/\.$/)
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(answer.headers['x-content-type-options']).toBe('nosniff')
  })

  test('a body that is not JSON, and one that is not UTF-8', async () => {
    await using server = await startHttpServer()
    const headers = { 'content-type': 'application/json' }
    for (const body of ['{', Buffer.from([0x22, 0xff, 0x22])]) {
      const answer = await send(`${server.base}/api/v1/runs`, { method: 'POST', headers, body })
      expect(errorOf(answer).message).toBe('The body of this request is not valid JSON.')
    }
  })

  test('a fault of our own tells nothing of the inside, and the log nothing of the caller', async () => {
    await using server = await startHttpServer({ auth: 'token' })
    const fault = () => Promise.reject(new Error('inner-fault'))
    server.store.catalog.list = fault
    server.store.catalog.create = fault
    const log = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    const headers = {
      authorization: `Bearer ${bearer}`,
      cookie: 'a=marked-word',
      'x-marked-word': 'marked-word',
    }
    const url = `${server.base}/api/v1/runs`
    const answers = [
      await send(`${url}?limit=7&state=ended`, { headers }),
      await postJson(url, start('marked-word'), headers),
    ]
    const written = log.mock.calls.map(([text]) => String(text)).join('')
    log.mockRestore()
    for (const answer of answers) {
      expect([answer.status, errorOf(answer).code]).toEqual([500, 'internal'])
      expect(answer.text).not.toContain('inner-fault')
    }
    expect(written).toContain('inner-fault')
    expect(written).not.toContain('marked-word')
    expect(written).not.toContain(bearer)
    expect(written).not.toContain('limit=7')
  })
})

test('a run is started, found, listed and stopped', async () => {
  await using server = await startHttpServer()
  const made = await postJson(`${server.base}/api/v1/runs`, start('sleep 60'))
  const { id } = made.json as Run
  expect([made.status, made.headers['location']]).toEqual([201, `/api/v1/runs/${id}`])
  const second = (await postJson(`${server.base}/api/v1/runs`, start('true'))).json as Run
  const list = (await send(`${server.base}/api/v1/runs?limit=1`)).json as { runs: Run[] }
  expect(list.runs.map((run) => run.id)).toEqual([second.id])
  const rest = (await send(`${server.base}/api/v1/runs?before=${second.id}`)).json as typeof list
  expect(rest.runs.map((run) => run.id)).toEqual([id])
  await until('it runs', async () => (await server.service.get(id)).tasks[0]?.state === 'running')
  const stopped = await send(`${server.base}/api/v1/runs/${id}/stop`, { method: 'POST' })
  expect([stopped.status, (stopped.json as Run).id]).toEqual([200, id])
  await server.ended(id)
  const run = (await send(`${server.base}/api/v1/runs/${id}`)).json as Run
  expect([run.state, run.outcome]).toEqual(['ended', 'stopped'])
  const again = await postJson(`${server.base}/api/v1/runs/${id}/stop`, {})
  expect(again.status).toBe(200)
})

test('a list tells of each run what its tasks amount to; all of them are given to who asks for them', async () => {
  await using server = await startHttpServer()
  const { id } = await server.run('exit 3')
  await server.ended(id)
  const url = `${server.base}/api/v1/runs`
  const whole = (await send(`${url}/${id}`)).json as Run
  const { json } = await send(url)
  expect(json).toEqual({ runs: [listedRun(whole)] })
  expect(json).toMatchObject({ runs: [{ hosts: 1, counts: { failed: 1 } }] })
  expect((await send(`${url}?tasks=true`)).json).toEqual({ runs: [whole] })
})

test('who has the list already is told that nothing has changed, until something has', async () => {
  await using server = await startHttpServer()
  const { id } = await server.run('true')
  await server.ended(id)
  const url = `${server.base}/api/v1/runs`
  const first = await send(url)
  const etag = first.headers['etag'] ?? ''
  const again = await send(url, { headers: { 'if-none-match': etag } })
  expect([again.status, again.text, again.headers['etag']]).toEqual([304, '', etag])
  const api = createHttpApi({ baseUrl: server.base })
  const kept = await api.list()
  expect(await api.list()).toBe(kept)
  await api.pin(id, true)
  expect((await send(url, { headers: { 'if-none-match': etag } })).status).toBe(200)
  expect((await api.list())[0]?.pinned).toBe(true)
  expect((await api.list({ pinned: 'false' })).length).toBe(0)
})

test('the same request with the same Idempotency-Key starts one run; another body is refused', async () => {
  await using server = await startHttpServer()
  const headers = { 'idempotency-key': 'k-1' }
  const url = `${server.base}/api/v1/runs`
  const first = await postJson(url, start('true'), headers)
  const { target, source } = start('true')
  const second = await postJson(url, { source, target }, headers)
  expect([first.status, second.status]).toEqual([201, 201])
  expect((second.json as Run).id).toBe((first.json as Run).id)
  expect((await server.service.list({ limit: 10 })).length).toBe(1)
  const other = await postJson(url, start('false'), headers)
  expect([other.status, errorOf(other).code]).toEqual([422, 'idempotency-conflict'])
  const bad = await postJson(url, start('true'), { 'idempotency-key': 'a b' })
  expect([bad.status, errorOf(bad).code]).toEqual([400, 'bad-request'])
})

test('lines are read page by page, each with pos, task, channel and time', async () => {
  await using server = await startHttpServer()
  const { id } = await server.run('seq 1 2500')
  await server.ended(id)
  const texts: string[] = []
  let from = 0
  for (;;) {
    const url = `${server.base}/api/v1/runs/${id}/lines?from=${from}&limit=700`
    const page = (await send(url)).json as LinesPage
    expect([page.run, page.from]).toEqual([id, from])
    if (page.lines.length === 0) break
    expect(page.lines.map(({ pos }) => pos)).toEqual(page.lines.map((_, at) => from + at))
    for (const line of page.lines) if (line.channel === 'out') texts.push(line.text)
    from = page.next
  }
  expect(texts).toEqual(Array.from({ length: 2500 }, (_, at) => String(at + 1)))
})

test('a line too long for the wire is cut, with its size, between characters', async () => {
  await using server = await startHttpServer()
  const { id } = await server.run(`head -c 100000 /dev/zero | tr '\\0' a; printf 'ü\\nshort\\n'`)
  await server.ended(id)
  const page = (await send(`${server.base}/api/v1/runs/${id}/lines`)).json as LinesPage
  const [long, short] = page.lines.filter(({ channel }) => channel === 'out')
  expect([long?.text.length, long?.bytes]).toEqual([limits.wireLineBytesMax, 100_002])
  expect(short).toMatchObject({ text: 'short' })
  expect(short?.bytes).toBeUndefined()
})

test('raw gives the exact bytes of each channel, as a download that cannot act', async () => {
  await using server = await startHttpServer()
  const bytes = 'f=$(mktemp); head -c 300000 /dev/urandom >$f; cat $f >&2; cat $f; rm $f'
  const { id } = await server.run(`${bytes}; printf '\\r\\n\\0<b>x'`)
  await server.ended(id)
  const url = `${server.base}/api/v1/runs/${id}/raw`
  const err = await send(`${url}?task=0&channel=err`)
  const out = await send(`${url}?task=0&channel=out`)
  expect(err.body.length).toBe(300_000)
  const tail = Buffer.from('\r\n\0<b>x')
  expect(hash(out.body)).toBe(hash(Buffer.concat([err.body, tail])))
  expect(out.headers).toMatchObject({
    'content-type': 'text/plain; charset=utf-8',
    'content-disposition': `attachment; filename="${id}-task0-out.txt"`,
    'content-security-policy': "sandbox; default-src 'none'",
    'x-content-type-options': 'nosniff',
  })
  const both = await send(url)
  expect(both.body.length).toBe(err.body.length + out.body.length)
  expect((await send(`${url}?task=9`)).body.length).toBe(0)
  expect((await send(`${url}?channel=all`)).status).toBe(400)
})

test('raw gives the bytes of a range of lines', async () => {
  await using server = await startHttpServer()
  const { id } = await server.run("printf 'a\\r\\nb\\nc\\nd'")
  const { next } = await server.ended(id)
  const page = (await send(`${server.base}/api/v1/runs/${id}/lines`)).json as LinesPage
  const first = page.lines.find(({ channel }) => channel === 'out')?.pos ?? 0
  const url = `${server.base}/api/v1/runs/${id}/raw`
  const range = async (from: number, to: number) =>
    (await send(`${url}?channel=out&from=${from}&to=${to}`)).text
  expect(await range(first, first + 2)).toBe('a\r\nb\n')
  expect(await range(first + 1, first + 3)).toBe('b\nc\n')
  expect(await range(first + 3, next + 9)).toBe('d')
  expect(await range(first + 2, first)).toBe('')
})

test('raw waits for a slow reader instead of filling the memory', async () => {
  await using server = await startHttpServer()
  const { id } = await server.run('head -c 30000000 /dev/zero | tr "\\0" x | fold -w 9999')
  await server.ended(id)
  server.calls.length = 0
  const answer = await open(`${server.base}/api/v1/runs/${id}/raw`)
  answer.pause()
  let before = -1
  await until('it stops reading', () => {
    const still = server.calls.length === before && before > 0
    before = server.calls.length
    return still
  })
  expect(before).toBeLessThan(40)
  let size = 0
  for await (const chunk of answer) size += (chunk as Buffer).length
  // One newline between two lines of 9,999 bytes.
  expect(size).toBe(30_000_000 + 3_000)
})

test('a question is answered through the API; a wrong task or question is refused', async () => {
  const fingerprint = `SHA256:${'A'.repeat(43)}`
  const hosts = localHosts(async (request, signal) => {
    const answer = await request.ask(
      {
        kind: 'host-key',
        host: 'local',
        address: null,
        keyType: 'ED25519',
        fingerprint,
      },
      signal,
    )
    if (answer.kind !== 'trust') throw new AppError('login-cancelled', 'Not trusted.')
  })
  await using server = await startHttpServer({ hosts })
  const { id } = await server.run('echo in')
  const question = await until('it asks', async () => {
    const run = (await send(`${server.base}/api/v1/runs/${id}`)).json as Run
    return run.tasks[0]?.question ?? undefined
  })
  expect(question).toMatchObject({ kind: 'host-key', fingerprint })
  const url = `${server.base}/api/v1/runs/${id}/tasks`
  const trust = { kind: 'trust', question: question.id, fingerprint }
  const bad = await postJson(`${url}/0/answer`, { ...trust, fingerprint: 'SHA256:short' })
  expect([bad.status, errorOf(bad).message]).toEqual([
    400,
    'The field "fingerprint" is not a SHA256 fingerprint.',
  ])
  const unknown = await postJson(`${url}/0/answer`, { kind: 'yes', question: 0 })
  expect([unknown.status, errorOf(unknown).code]).toEqual([400, 'bad-request'])
  expect((await postJson(`${url}/7/answer`, trust)).status).toBeGreaterThanOrEqual(404)
  const late = await postJson(`${url}/0/answer`, { ...trust, question: question.id + 1 })
  expect(late.status).toBe(409)
  expect((await postJson(`${url}/0/answer`, trust)).status).toBe(204)
  expect((await server.ended(id)).outcome).toBe('succeeded')
})

test('the OpenAPI document names every route with a summary', async () => {
  await using server = await startHttpServer({ auth: 'token' })
  const answer = await send(`${server.base}/openapi.json`)
  const { openapi, paths } = answer.json as {
    openapi: string
    paths: Record<string, Record<string, { summary?: string; responses: object }>>
  }
  expect(openapi).toBe('3.1.0')
  const rows = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { summary }]) => {
      expect(summary).toMatch(/^[A-Z].{8,}[^.]$/)
      return `${method} ${path}`
    }),
  )
  expect(rows.toSorted()).toEqual([
    'delete /api/v1/alerts/{name}',
    'delete /api/v1/commands/{name}',
    'delete /api/v1/hosts/{name}',
    'delete /api/v1/runs/{id}',
    'delete /api/v1/runs/{id}/marks/{pos}',
    'delete /api/v1/runs/{id}/pin',
    'delete /api/v1/schedules/{name}',
    'delete /api/v1/triggers/{name}',
    'get /api/v1/alerts',
    'get /api/v1/alerts/{name}',
    'get /api/v1/commands',
    'get /api/v1/commands/export',
    'get /api/v1/commands/{name}',
    'get /api/v1/firings/stream',
    'get /api/v1/groups',
    'get /api/v1/hosts',
    'get /api/v1/hosts/{name}',
    'get /api/v1/hosts/{name}/complete',
    'get /api/v1/retention',
    'get /api/v1/retention/rules',
    'get /api/v1/runs',
    'get /api/v1/runs/{id}',
    'get /api/v1/runs/{id}/export',
    'get /api/v1/runs/{id}/file',
    'get /api/v1/runs/{id}/groups',
    'get /api/v1/runs/{id}/groups/stream',
    'get /api/v1/runs/{id}/histogram',
    'get /api/v1/runs/{id}/lines',
    'get /api/v1/runs/{id}/marks',
    'get /api/v1/runs/{id}/raw',
    'get /api/v1/runs/{id}/search',
    'get /api/v1/runs/{id}/stream',
    'get /api/v1/schedules',
    'get /api/v1/schedules/{name}',
    'get /api/v1/secrets',
    'get /api/v1/session',
    'get /api/v1/stream',
    'get /api/v1/targets',
    'get /api/v1/triggers',
    'get /api/v1/triggers/{name}',
    'get /healthz',
    'get /metrics',
    'get /stream',
    'post /api/v1/alerts/{name}/preview',
    'post /api/v1/alerts/{name}/test',
    'post /api/v1/commands/import',
    'post /api/v1/hosts/check',
    'post /api/v1/hosts/{name}/check',
    'post /api/v1/retention/preview',
    'post /api/v1/runs',
    'post /api/v1/runs/import',
    'post /api/v1/runs/{id}/rerun',
    'post /api/v1/runs/{id}/stop',
    'post /api/v1/runs/{id}/tasks/{task}/answer',
    'post /api/v1/schedules/{name}/preview',
    'post /api/v1/secrets/prepare',
    'post /api/v1/secrets/rotate',
    'post /api/v1/sign-in',
    'post /api/v1/sign-out',
    'post /api/v1/triggers/{name}',
    'post /api/v1/triggers/{name}/test',
    'post /run',
    'put /api/v1/alerts/{name}',
    'put /api/v1/commands/{name}',
    'put /api/v1/hosts/{name}',
    'put /api/v1/retention',
    'put /api/v1/runs/{id}/marks/{pos}',
    'put /api/v1/runs/{id}/pin',
    'put /api/v1/schedules/{name}',
    'put /api/v1/triggers/{name}',
  ])
  expect((await send(`${server.base}/healthz`)).json).toEqual({ status: 'ok' })
})

function hash(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

test('a line that somebody marks is marked for everybody, told on the stream, and can be unmarked', async () => {
  await using server = await startHttpServer()
  const { id } = await server.run('echo one; echo two; sleep 60')
  const stream = await watch(`${server.base}/api/v1/runs/${id}/stream`)
  await stream.event(({ data }) => data?.includes('"two"') === true)
  const address = `${server.base}/api/v1/runs/${id}/marks`
  const by = (name: string) => ({ method: 'PUT', headers: { 'x-farglass-name': name } })
  const set = await send(`${address}/1`, by(encodeURIComponent('Zoë 王')))
  expect(set.json).toEqual({
    marks: [{ pos: 1, time: expect.stringMatching(/Z$/), by: 'Zoë 王' }],
  })
  const told = await stream.event(({ event }) => event === 'marks')
  expect([JSON.parse(told.data ?? ''), told.id]).toEqual([set.json, undefined])
  expect((await send(address)).json).toEqual(set.json)
  // A name that would deceive, or that cannot be read, is none.
  for (const name of ['a%E2%80%AEb', '%', 'x'.repeat(1_000)]) {
    await send(`${address}/0`, by(name))
    expect((await send(address)).json).toMatchObject({ marks: [{ pos: 0 }, { pos: 1 }] })
    expect(JSON.stringify((await send(address)).json).match(/"by"/g)).toHaveLength(1)
    await send(`${address}/0`, { method: 'DELETE' })
  }
  expect((await send(`${address}/500`, { method: 'PUT' })).status).toBe(409)
  expect((await send(`${address}/x`, { method: 'PUT' })).status).toBe(400)
  expect((await send(`${address}/1`, { method: 'DELETE' })).json).toEqual({ marks: [] })
  const unknown = `${server.base}/api/v1/runs/r${'0'.repeat(25)}/marks`
  expect((await send(unknown)).status).toBe(404)
  expect((await send(`${unknown}/0`, { method: 'PUT' })).status).toBe(404)
  await server.service.stop(id)
})
