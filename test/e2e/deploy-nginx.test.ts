/** The nginx of deploy/nginx.conf, as it stands there, between browsers and the server. */

import { readFile } from 'node:fs/promises'
import { connect } from 'node:http2'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowserPage, runOnPage } from '../support/browser-page.ts'
import { type Certificate, makeCertificate } from '../support/certificate.ts'
import { startChromium } from '../support/chromium.ts'
import { type Farglass, startFarglass } from '../support/farglass.ts'
import { type Nginx, startNginxSite } from '../support/nginx.ts'
import { send, watch } from '../support/raw-http.ts'
import { type Sshd, startSshd } from '../support/sshd.ts'
import { until } from '../support/until.ts'

let sshd: Sshd
let server: Farglass
let certificate: Certificate

beforeAll(async () => {
  sshd = await startSshd()
  server = await startFarglass({ sshConfigFile: sshd.sshConfigFile })
  certificate = await makeCertificate()
})

afterAll(async () => {
  await certificate[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
  await sshd[Symbol.asyncDispose]()
})

test('a page behind nginx signs in and follows a run over HTTP/2, its lines as they come', async () => {
  await using nginx = await startExample([server.port])
  await using chromium = await startChromium(['--ignore-certificate-errors'])
  const link = new URL(server.link())
  await using tab = await openBrowserPage(
    chromium.browser,
    `${nginx.url}${link.pathname}${link.hash}`,
  )
  await runOnPage(tab.page, sshd.alias, 'seq 1 300; sleep 600')
  await until('the lines are drawn while the command goes on', async () =>
    [...(await tab.drawn()).values()].includes('300'),
  )
  const protocol = await tab.page.evaluate(() => {
    const [entry] = performance.getEntriesByType('navigation')
    return entry instanceof PerformanceNavigationTiming ? entry.nextHopProtocol : ''
  })
  expect(protocol).toBe('h2')
  expect(tab.complaints).toEqual([])
})

test('a stream behind nginx gives each event at once, over HTTP/1.1 and HTTP/2', async () => {
  await using nginx = await startExample([server.port])
  const source = { kind: 'command', command: 'echo now; sleep 600' } as const
  const { id } = await server.api.start({ target: sshd.alias, source })
  const authorization = `Bearer ${server.token}`
  const path = `/api/v1/runs/${id}/stream`
  try {
    // A buffer of nginx holds 4 kB, which this stream does not reach.
    const stream = await watch(`${nginx.url}${path}`, { authorization })
    await stream.event(({ data }) => data?.includes('"now"') === true)
    stream.cut()
    const session = connect(nginx.url, { rejectUnauthorized: false })
    const answer = session.request({ ':path': path, authorization }).setEncoding('utf8')
    let text = ''
    for await (const chunk of answer) {
      text += chunk
      if (text.includes('"now"')) break
    }
    session.destroy()
    expect(text).toContain('"now"')
  } finally {
    await server.api.stop(id)
  }
})

test('a file of more than a megabyte is imported through nginx', async () => {
  await using nginx = await startExample([server.port])
  const source = { kind: 'command', command: 'seq 1 200000' } as const
  const { id } = await server.api.start({ target: sshd.alias, source })
  await until('it has ended', async () => (await server.api.get(id)).state === 'ended')
  const body = await (await server.api.request(`/api/v1/runs/${id}/file`)).text()
  expect(body.length).toBeGreaterThan(1.2 * 1024 * 1024)
  await server.api.remove(id)
  const headers = {
    authorization: `Bearer ${server.token}`,
    'content-type': 'application/x-ndjson',
  }
  const path = `${nginx.url}/api/v1/runs/import`
  expect(await send(path, { method: 'POST', headers, body })).toMatchObject({ status: 201 })
  expect((await server.api.get(id)).lines).toBe(200_000)
})

test('nginx goes to the next address while one does not answer', async () => {
  const gone = await startFarglass({ auth: 'none' })
  await gone.kill()
  await using nginx = await startExample([gone.port, server.port])
  for (let asked = 0; asked < 4; asked++) {
    expect((await send(`${nginx.url}/healthz`)).status).toBe(200)
  }
  await gone[Symbol.asyncDispose]()
})

/** The file as people copy it, but for names, ports and certificate. */
async function startExample(ports: readonly number[]): Promise<Nginx> {
  const text = await readFile('deploy/nginx.conf', 'utf8')
  const nodes = ports.map((port) => `server 127.0.0.1:${port} max_fails=1 fail_timeout=2s;`)
  return startNginxSite((port) => ({
    url: `https://localhost:${port}`,
    site: replaced(text, [
      ['server 127.0.0.1:4770 max_fails=1 fail_timeout=2s;', nodes.join('\n')],
      ['listen 443 ssl http2;', `listen 127.0.0.1:${port} ssl http2;`],
      ['server_name farglass.example.org;', 'server_name localhost;'],
      ['/etc/ssl/certs/farglass.pem', certificate.certFile],
      ['/etc/ssl/private/farglass.key', certificate.keyFile],
    ]),
  }))
}

function replaced(text: string, pairs: readonly (readonly [string, string])[]): string {
  let after = text
  for (const [from, to] of pairs) {
    expect(after.split(from)).toHaveLength(2)
    after = after.replace(from, to)
  }
  return after
}
