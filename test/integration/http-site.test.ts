/** Integration tests of the page's files: sent packed, kept by hash, and only those of the page. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { startHttpServer } from '../support/http-server.ts'
import { send } from '../support/raw-http.ts'

const script = `export const answer = ${JSON.stringify('x'.repeat(5_000))}\n`

async function builtPage() {
  const root = await mkdtemp(join(tmpdir(), 'farglass-page-'))
  await mkdir(join(root, 'assets'))
  await writeFile(join(root, 'index.html'), '<!doctype html><title>Farglass</title>')
  await writeFile(join(root, 'assets', 'index-abc123.js'), script)
  await writeFile(join(root, 'assets', 'index-abc123.js.map'), '{}')
  await writeFile(join(root, 'favicon.svg'), '<svg/>')
  return { root, [Symbol.asyncDispose]: () => rm(root, { recursive: true }) }
}

test('every address of the page gives its HTML, never kept without asking', async () => {
  await using page = await builtPage()
  await using server = await startHttpServer({ webRoot: page.root, auth: 'token' })
  for (const path of [
    '/',
    '/runs',
    `/runs/r${'a'.repeat(25)}`,
    '/hosts/x',
    '/settings',
    '/sign-in',
  ]) {
    const answer = await send(`${server.base}${path}`)
    expect([path, answer.status, answer.text]).toEqual([
      path,
      200,
      '<!doctype html><title>Farglass</title>',
    ])
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8')
    expect(answer.headers['cache-control']).toBe('no-cache')
    expect(answer.headers['content-security-policy']).toContain("script-src 'self'")
    expect(answer.headers['content-security-policy']).toContain('trusted-types farglass-worker')
  }
  expect((await send(`${server.base}/`, { method: 'HEAD' })).status).toBe(200)
})

test('files with a hash in their name are kept for ever and come packed', async () => {
  await using page = await builtPage()
  await using server = await startHttpServer({ webRoot: page.root })
  const url = `${server.base}/assets/index-abc123.js`
  const unpack: Readonly<Record<string, (body: Buffer) => Buffer>> = {
    br: brotliDecompressSync,
    gzip: gunzipSync,
  }
  for (const [accepted, encoding] of [
    ['gzip, deflate, br', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['', undefined],
  ] as const) {
    const { headers, body } = await send(url, { headers: { 'accept-encoding': accepted } })
    expect(headers['content-encoding']).toBe(encoding)
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect(headers['vary']).toBe('accept-encoding')
    const plain = encoding === undefined ? body : unpack[encoding]?.(body)
    expect(plain?.toString()).toBe(script)
    const again = await send(url, {
      headers: { 'accept-encoding': accepted, 'if-none-match': headers['etag'] ?? '' },
    })
    expect([again.status, again.text]).toEqual([304, ''])
  }
})

test('nothing beside the page is served', async () => {
  await using page = await builtPage()
  await using server = await startHttpServer({ webRoot: join(page.root, 'assets') })
  for (const path of [
    '/../index.html',
    '/%2e%2e/index.html',
    '/..%2findex.html',
    '/index-abc123.js.map',
    '/assets/',
    '/__proto__',
    '/etc/passwd',
  ]) {
    expect([path, (await send(`${server.base}${path}`)).status]).toEqual([path, 404])
  }
})

test('a page that is not built says so, and is found once it is', async () => {
  await using page = await builtPage()
  await rm(join(page.root, 'index.html'))
  await using server = await startHttpServer({ webRoot: page.root })
  const missing = await send(`${server.base}/`)
  expect([missing.status, missing.json]).toEqual([
    503,
    {
      error: {
        code: 'page-not-built',
        message: 'The web page is not built.',
        hint: 'Run "npm run build" where Farglass is installed.',
      },
    },
  ])
  await writeFile(join(page.root, 'index.html'), 'built')
  expect((await send(`${server.base}/`)).text).toBe('built')
})
