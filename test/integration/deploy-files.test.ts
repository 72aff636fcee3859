/** The files of deploy/ against what reads them, as far as that is on this machine. */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { readConfig } from '../../src/app/config.ts'
import { metricTable } from '../../src/core/metrics/metric-table.ts'
import { startNginxSite } from '../support/nginx.ts'

test('systemd finds no fault in the unit', async () => {
  const text = await readFile('deploy/farglass.service', 'utf8')
  const directory = await mkdtemp(join(tmpdir(), 'fg-unit-'))
  try {
    const file = join(directory, 'farglass.service')
    const start = '/usr/bin/farglass serve'
    expect(text).toContain(`ExecStart=${start}\n`)
    // It looks for the program, which is not installed here.
    await writeFile(file, text.replace(start, '/bin/true serve'))
    const { stdout, stderr } = await promisify(execFile)('systemd-analyze', ['verify', file])
    expect(stdout + stderr).toBe('')
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
})

test('every alert asks for metrics that exist, and every metric worth watching has one', async () => {
  const rules = await readFile('deploy/alerts.yml', 'utf8')
  const asked = [...rules.matchAll(/^ +expr: (.+)$/gm)].flatMap(([, expression = '']) =>
    [...expression.matchAll(/\bfarglass_[a-z0-9_]+/g)].map(([name]) =>
      name.replace(/_bucket$/, ''),
    ),
  )
  expect(asked.filter((name) => !Object.keys(metricTable).includes(name))).toEqual([])
  const page = await readFile('docs/operate/metrics.md', 'utf8')
  const watched = [...page.matchAll(/^\| .*?`[^`]*?(farglass_[a-z0-9_]+?)(?:_bucket)?\b.*? \|/gm)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'farglass_reconnects_total')
  expect(watched.length).toBeGreaterThan(5)
  expect(watched.filter((name) => !asked.includes(name))).toEqual([])
})

test('the container and the unit set what Farglass takes', async () => {
  const container = await readFile('deploy/Containerfile', 'utf8')
  const unit = await readFile('deploy/farglass.service', 'utf8')
  const env = Object.fromEntries(
    [...`${container}\n${unit}`.matchAll(/\b(FARGLASS_[A-Z_]+)=(\S+)/g)]
      .filter(([, name]) => name !== 'FARGLASS_ALLOW_HOST')
      .map(([, name = '', value = '']) => [name, value]),
  )
  expect(Object.keys(env).sort()).toEqual([
    'FARGLASS_BEHIND_TLS_PROXY',
    'FARGLASS_DATA',
    'FARGLASS_HOST',
  ])
  expect(readConfig({ flags: {}, env })).toMatchObject({ host: '0.0.0.0', port: 4770 })
  for (const setting of Object.keys(env)) {
    const wrong = { ...env, [setting]: 'not good at all' }
    if (setting === 'FARGLASS_DATA') continue
    expect(() => readConfig({ flags: {}, env: wrong })).toThrow(setting)
  }
})

test('the balancer of docs/operate/scale.md sends whatever names a run to the same node, and runs to all', async () => {
  const page = await readFile('docs/operate/scale.md', 'utf8')
  const block = /```nginx\n(.*?)```/s.exec(page)?.[1] ?? ''
  await using one = await startNamed('one')
  await using two = await startNamed('two')
  const upstream = block
    .replace('node-1:4770', `127.0.0.1:${one.port}`)
    .replace('node-2:4770', `127.0.0.1:${two.port}`)
  await using nginx = await startNginxSite((port) => ({
    url: `http://127.0.0.1:${port}`,
    site: `${upstream}\nserver { listen 127.0.0.1:${port}; location / { proxy_pass http://farglass; } }`,
  }))
  const ask = async (path: string) => (await fetch(nginx.url + path)).text()
  const used = new Set<string>()
  for (let at = 0; at < 30; at += 1) {
    const id = `r${String(at).padStart(25, 'x')}`
    const node = await ask(`/runs/${id}`)
    used.add(node)
    for (const path of [`/api/v1/runs/${id}/stream?from=7`, `/api/v1/stream?runs=${id}:12`])
      expect(await ask(path)).toBe(node)
  }
  expect([...used].sort()).toEqual(['one', 'two'])
  const others = await Promise.all(Array.from({ length: 30 }, () => ask('/api/v1/runs')))
  expect(new Set(others)).toEqual(used)
})

/** Answers every request with its name. */
async function startNamed(name: string) {
  const server = createServer((_, response) => response.end(name)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
