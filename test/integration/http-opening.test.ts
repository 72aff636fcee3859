/** Integration tests of the HTML of a run's page: it holds the run for who may read it, and for nobody else. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { limits } from '../../src/shared/limits.ts'
import type { Opening } from '../../src/shared/protocol/opening.ts'
import type { SessionInfo } from '../../src/shared/protocol/session.ts'
import { bearer, startHttpServer } from '../support/http-server.ts'
import { manualClock } from '../support/manual-clock.ts'
import { open, postJson, type RawAnswer, send } from '../support/raw-http.ts'
import { until } from '../support/until.ts'

const html = '<!doctype html><title>Farglass</title><body><div id="app"></div></body>'
const authorization = `Bearer ${bearer}`
let webRoot: string

beforeAll(async () => {
  webRoot = await mkdtemp(join(tmpdir(), 'farglass-page-'))
  await writeFile(join(webRoot, 'index.html'), html)
})

afterAll(() => rm(webRoot, { recursive: true, force: true }))

function openingOf({ text }: RawAnswer): Opening | null {
  const [, json] = /<script type="application\/json" id="opening">(.*)<\/script>/.exec(text) ?? []
  return json === undefined ? null : (JSON.parse(json) as Opening)
}

test('the page of a run holds it and its last lines for who is signed in; output stays data in it', async () => {
  await using server = await startHttpServer({ webRoot, auth: 'token' })
  const hostile = '</script><script>alert(1)</script><!--'
  const { id } = await server.run(`seq 1 200; printf '%s\\n' '${hostile}'`)
  const run = await server.ended(id)
  const token = new URL(await server.newLink()).hash.slice('#t='.length)
  const origin = server.base
  const signedIn = await postJson(`${origin}/api/v1/sign-in`, { token }, { origin })
  const cookie = signedIn.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
  const headers = { cookie, 'sec-fetch-site': 'none' }
  const answer = await send(`${origin}/runs/${id}`, { headers })
  expect(answer.headers['cache-control']).toBe('no-store')
  expect(answer.headers['content-security-policy']).toContain("script-src 'self';")
  expect(answer.text.match(/<\/?script|<!--/g)).toEqual(['<script', '</script'])
  const opening = openingOf(answer)
  expect(opening?.run).toEqual(run)
  expect(opening?.session).toEqual(signedIn.json as SessionInfo)
  const { from, next, lines = [] } = opening?.page ?? {}
  expect([from, next]).toEqual([run.next - limits.openingLinesMax, run.next])
  expect(lines.find(({ text }) => text === hostile)).toBeDefined()
  expect(lines.map(({ pos }) => pos)).toEqual(
    Array.from(
      { length: limits.openingLinesMax },
      (_, at) => run.next - limits.openingLinesMax + at,
    ),
  )
})

test('who may not read a run by the API gets its page without it', async () => {
  await using server = await startHttpServer({ webRoot, auth: 'token' })
  const { id } = await server.run('echo secret')
  await server.ended(id)
  const navigation = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
  const refused = {
    'is not signed in': { path: id, headers: {} },
    'comes from another site': {
      path: id,
      headers: { authorization, 'sec-fetch-site': 'cross-site', ...navigation },
    },
    'comes from another port of this machine': {
      path: id,
      headers: { authorization, 'sec-fetch-site': 'same-site', ...navigation },
    },
    'asks for what is not there': { path: `r${'z'.repeat(25)}`, headers: { authorization } },
  }
  for (const [who, { path, headers }] of Object.entries(refused)) {
    const answer = await send(`${server.base}/runs/${path}`, { headers })
    expect([who, answer.status, answer.text]).toEqual([who, 200, html])
  }
  const head = await send(`${server.base}/runs/${id}`, {
    method: 'HEAD',
    headers: { authorization },
  })
  expect(head.text).toBe('')
})

test('what is too much for the page is left to be asked for', async () => {
  await using server = await startHttpServer({ webRoot })
  const lines = 40
  const chars = Math.ceil(limits.openingBytesMax / lines)
  const { id } = await server.run(`for i in $(seq ${lines}); do printf '%0${chars}d\\n' 0; done`)
  await server.ended(id)
  expect((await send(`${server.base}/runs/${id}`)).text).toBe(html)
})

test('a store that does not answer holds back neither the code of the page nor its end', async () => {
  const clock = manualClock()
  await using server = await startHttpServer({ webRoot, clock })
  const { id } = await server.run('echo hello')
  let asked = 0
  server.service.get = () => {
    asked += 1
    return new Promise(() => {})
  }
  const answer = await open(`${server.base}/runs/${id}`)
  let text = ''
  answer.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  await until('the page comes, up to where the run would stand', () => text.includes('id="app"'))
  await until('the store is asked', () => asked > 0)
  expect(text).not.toContain('</body>')
  clock.advance(limits.openingWaitMs)
  await until('the page ends', () => text.endsWith('</body>'))
  expect(text).toBe(html)
})
