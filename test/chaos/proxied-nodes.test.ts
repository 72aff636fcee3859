/** The proxies of deploy/, as they stand there, in front of two nodes on one Redis (F55). */
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createHttpApi } from '../../src/client/http-api.ts'
import { startCaddy } from '../support/caddy.ts'
import { type Certificate, makeCertificate } from '../support/certificate.ts'
import { type FarglassNodes, startFarglassNodes } from '../support/farglass-nodes.ts'
import { freePort } from '../support/free-port.ts'
import { type Nginx, startNginxSite } from '../support/nginx.ts'
import { outliveRestarts } from '../support/proxied-nodes.ts'
import { seedOfProcess } from '../support/seeded-random.ts'

const seed = seedOfProcess()
let cluster: FarglassNodes
let certificate: Certificate

beforeAll(async () => {
  cluster = await startFarglassNodes(2)
  certificate = await makeCertificate()
}, 60_000)

afterAll(async () => {
  await certificate[Symbol.asyncDispose]()
  await cluster[Symbol.asyncDispose]()
})

test('F55: runs that nginx starts at either node are read and stopped through it', async () => {
  const plainPort = await freePort()
  await using _nginx = await startExample(plainPort)
  const api = createHttpApi({ baseUrl: `http://localhost:${plainPort}` })
  const source = { kind: 'command', command: 'exec sleep 60' } as const
  const runs = [
    await api.start({ target: cluster.sshd.alias, source }),
    await api.start({ target: cluster.sshd.alias, source }),
  ]
  const carriers = await Promise.all(runs.map(({ id }) => cluster.carrierOf(id)))
  expect(new Set(carriers).size).toBe(2)
  // The other way round, so that each stop comes to the node that does not carry the run.
  for (const { id } of [...runs.toReversed(), ...runs]) await api.stop(id)
  for (const { id } of runs) {
    for await (const _ of api.follow(id, 0, AbortSignal.timeout(20_000))) continue
    expect(await api.get(id)).toMatchObject({ state: 'ended', outcome: 'stopped' })
  }
})

test(`F55: viewers behind nginx have each line once while its nodes are restarted and killed (seed ${seed})`, async () => {
  const plainPort = await freePort()
  await using nginx = await startExample(plainPort)
  const plainUrl = `http://localhost:${plainPort}`
  await outliveRestarts({ cluster, url: nginx.url, plainUrl, seed })
})

test(`F55: viewers behind Caddy have each line once while its nodes are restarted and killed (seed ${seed})`, async () => {
  const site = await readFile('deploy/Caddyfile', 'utf8')
  const plainUrl = `http://localhost:${await freePort()}`
  const nodes = cluster.nodes.map(({ port }) => `127.0.0.1:${port}`).join(' ')
  await using caddy = await startCaddy((address) =>
    replaced(site, [
      ['\nfarglass.example.org {\n', `\n${address}, ${plainUrl} {\n`],
      [' 127.0.0.1:4770 ', ` ${nodes} `],
    ]),
  )
  await outliveRestarts({ cluster, url: caddy.url, plainUrl, seed })
})

/** The file as people copy it, but for names, addresses and certificate; in clear as well. */
async function startExample(plainPort: number): Promise<Nginx> {
  const text = await readFile('deploy/nginx-nodes.conf', 'utf8')
  const [first, second] = cluster.nodes.map(({ port }) => `127.0.0.1:${port}`)
  return startNginxSite((port) => ({
    url: `https://localhost:${port}`,
    site: replaced(text, [
      ['server 192.0.2.1:4770 ', `server ${first} `],
      ['server 192.0.2.2:4770 ', `server ${second} `],
      ['listen 443 ssl http2;', `listen 127.0.0.1:${port} ssl http2; listen ${plainPort};`],
      ['server_name farglass.example.org;', 'server_name localhost;'],
      ['/etc/ssl/certs/farglass.pem', certificate.certFile],
      ['/etc/ssl/private/farglass.key', certificate.keyFile],
    ]),
  }))
}

function replaced(text: string, pairs: readonly (readonly [string, string])[]): string {
  return pairs.reduce((site, [from, to]) => {
    expect(site.split(from)).toHaveLength(2)
    return site.replace(from, to)
  }, text)
}
