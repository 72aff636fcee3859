/** Output as no program should make it: endless lines, all bytes, bursts (F28, F29, F31). */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Run } from '../../src/shared/run.ts'
import { type Farglass, startFarglass } from '../support/farglass.ts'
import { memoryOf } from '../support/proc.ts'
import { open } from '../support/raw-http.ts'
import { recordByClient } from '../support/recording-viewer.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { type Sshd, startSshd } from '../support/sshd.ts'
import { tellFigure } from '../support/tell-figure.ts'
import { until } from '../support/until.ts'

const mebibyte = 1024 * 1024
let sshd: Sshd
let server: Farglass
let directory: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fg-output-'))
  sshd = await startSshd()
})

afterAll(async () => {
  await sshd[Symbol.asyncDispose]()
  await removeFolder(directory)
})

/** A server of its own, as the most memory that it ever had is looked at. */
async function startServer(): Promise<Farglass> {
  server = await startFarglass({ sshConfigFile: sshd.sshConfigFile, auth: 'none' })
  return server
}

/** Runs it to its end while somebody watches. */
async function runToEnd(command: string, timeoutMs: number): Promise<Run> {
  const source = { kind: 'command', command } as const
  const { id } = await server.api.start({ target: sshd.alias, source })
  const ended = async () => {
    const run = await server.api.get(id)
    return run.state === 'ended' && run
  }
  return until('the run ends', ended, timeoutMs)
}

async function exportedHash(run: Run): Promise<{ bytes: number; sha256: string }> {
  const answer = await open(`${server.url}/api/v1/runs/${run.id}/raw?task=0&channel=out`)
  return hashOf(answer)
}

async function hashOf(chunks: AsyncIterable<Buffer>): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of chunks) {
    bytes += chunk.length
    hash.update(chunk)
  }
  return { bytes, sha256: hash.digest('hex') }
}

test('F28: 1 GiB without a newline is kept in segments, byte-exact, in bounded memory', async () => {
  await using own = await startServer()
  const run = await runToEnd('head -c 1073741824 /dev/zero', 240_000)
  expect(run).toMatchObject({ outcome: 'succeeded', lines: 1_024 })
  const { most } = memoryOf(own.pid)
  tellFigure(`F28: at most ${Math.round(most / mebibyte)} MiB of memory`)
  const zeros = (async function* () {
    for (let sent = 0; sent < 1_024; sent++) yield Buffer.alloc(mebibyte)
  })()
  expect(await exportedHash(run)).toEqual(await hashOf(zeros))
  expect(most).toBeLessThan(200 * mebibyte)
}, 300_000)

test('F29: bytes of all values come out of the export as they were written', async () => {
  await using own = await startServer()
  const file = join(directory, 'random')
  const run = await runToEnd(`head -c 20000000 /dev/urandom | tee ${file}`, 60_000)
  expect(run.outcome).toBe('succeeded')
  expect(await exportedHash(run)).toEqual(await hashOf(createReadStream(file)))
  expect(memoryOf(own.pid).now).toBeGreaterThan(0)
})

test('F31: a burst as fast as the host can print is exact, in bounded memory, without a hole for its viewer', async () => {
  await using own = await startServer()
  const count = 5_000_000
  const source = { kind: 'command', command: `seq 1 ${count}` } as const
  const begin = performance.now()
  const { id } = await own.api.start({ target: sshd.alias, source })
  await using viewer = recordByClient({ who: 'a viewer', baseUrl: own.url, run: id })
  await viewer.done
  const seconds = (performance.now() - begin) / 1_000
  const run = await own.api.get(id)
  const { most } = memoryOf(own.pid)
  tellFigure(
    `F31: ${Math.round(count / seconds)} lines/s, at most ${Math.round(most / mebibyte)} MiB of memory`,
  )
  expect(run).toMatchObject({ outcome: 'succeeded', lines: count })
  const numbers = viewer.history.lines.filter(({ channel }) => channel === 'out')
  expect(viewer.history.lines.findIndex(({ pos }, at) => pos !== at)).toBe(-1)
  expect(numbers.length).toBe(count)
  expect(numbers.findIndex(({ text }, at) => text !== String(at + 1))).toBe(-1)
  expect(most).toBeLessThan(300 * mebibyte)
}, 180_000)
