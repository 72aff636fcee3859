/** Proxies between server and viewers that hold back, close, strip and answer by themselves (F38). */
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Run } from '../../src/shared/run.ts'
import { startCaddy } from '../support/caddy.ts'
import { expectExact } from '../support/exact.ts'
import { type Farglass, startFarglass } from '../support/farglass.ts'
import { startNginx } from '../support/nginx.ts'
import { watch } from '../support/raw-http.ts'
import { recordByClient, recordByLastEventId } from '../support/recording-viewer.ts'
import { seedOfProcess } from '../support/seeded-random.ts'
import { type Sshd, startSshd } from '../support/sshd.ts'
import { makeTruth } from '../support/truth.ts'
import { until } from '../support/until.ts'

const seed = seedOfProcess()
let sshd: Sshd
let server: Farglass

beforeAll(async () => {
  sshd = await startSshd()
  server = await startFarglass({ sshConfigFile: sshd.sshConfigFile, auth: 'none' })
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await sshd[Symbol.asyncDispose]()
})

function start(command: string): Promise<Run> {
  return server.api.start({ target: sshd.alias, source: { kind: 'command', command } })
}

test('F38: nginx as it is installed gives each line at once', async () => {
  await using nginx = await startNginx({ targetPort: server.port })
  await using truth = await makeTruth({ seed, lines: 300, linesPerSecond: 60 })
  const run = await start(truth.command)
  const begin = performance.now()
  await using viewer = recordByLastEventId({ who: 'behind nginx', baseUrl: nginx.url, run: run.id })
  await until('a line of the command is there', () =>
    viewer.history.lines.some(({ channel }) => channel !== 'note'),
  )
  // A buffer of nginx holds 4 kB: it would be a second before these lines fill one.
  expect(performance.now() - begin).toBeLessThan(1_000)
  await viewer.done
  await expectExact({ api: server.api, run: run.id, truth, viewers: [viewer], seed })
})

test('F38: Caddy as in deploy/Caddyfile gives each line at once', async () => {
  const site = await readFile('deploy/Caddyfile', 'utf8')
  expect(site).toContain('\nfarglass.example.org {\n')
  expect(site).toContain(' 127.0.0.1:4770 ')
  await using caddy = await startCaddy((address) =>
    site
      .replace('\nfarglass.example.org {\n', `\n${address} {\n`)
      .replace(' 127.0.0.1:4770 ', ` 127.0.0.1:${server.port} `),
  )
  const run = await start('echo now; sleep 600')
  const stream = await watch(`${caddy.url}/api/v1/runs/${run.id}/stream`)
  await stream.event(({ data }) => data?.includes('"now"') === true)
  await server.api.stop(run.id)
  await stream.event(({ event }) => event === 'end')
  expect(await stream.over).toBe('ended')
})

test('F38: behind an nginx that buffers, strips headers and closes silent streams, nothing is lost', async () => {
  const location = [
    'proxy_buffering on;',
    'proxy_ignore_headers X-Accel-Buffering;',
    'proxy_set_header Last-Event-ID "";',
    'proxy_hide_header Cache-Control;',
    'proxy_read_timeout 2s;',
  ]
  await using nginx = await startNginx({ targetPort: server.port, location })
  await using truth = await makeTruth({ seed, lines: 3_000, linesPerSecond: 300 })
  const run = await start(`sleep 5; ${truth.command}`)
  await using viewer = recordByClient({ who: 'our client', baseUrl: nginx.url, run: run.id })
  await viewer.done
  expect(viewer.connections).toBeGreaterThan(1)
  await expectExact({ api: server.api, run: run.id, truth, viewers: [viewer], seed })
})

test('F38: an nginx that answers 502 while the server is away is asked again', async () => {
  await using nginx = await startNginx({ targetPort: server.port })
  await using truth = await makeTruth({ seed, lines: 3_000, linesPerSecond: 0 })
  const run = await start(truth.command)
  await until('the run ends', async () => (await server.api.get(run.id)).state === 'ended')
  await server.kill()
  expect((await fetch(nginx.url)).status).toBe(502)
  const options = { baseUrl: nginx.url, run: run.id }
  await using byClient = recordByClient({ ...options, who: 'our client' })
  await using byId = recordByLastEventId({ ...options, who: 'a reader by Last-Event-ID' })
  await until('the reader has got a 502', () => byId.connections > 1)
  await server.restart()
  const viewers = [byClient, byId]
  await Promise.all(viewers.map(({ done }) => done))
  await expectExact({ api: server.api, run: run.id, truth, viewers, seed })
})
