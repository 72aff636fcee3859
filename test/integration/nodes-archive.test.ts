/** Real servers on a real Redis that is not to hold all of a run: with an archive, and without. */
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { limits } from '../../src/shared/limits.ts'
import { valueOf } from '../support/exposition-parser.ts'
import { type Farglass, runCli, startFarglass } from '../support/farglass.ts'
import { figuresAt } from '../support/figures.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'
import { type Sshd, startSshd } from '../support/sshd.ts'
import { until } from '../support/until.ts'

let redis: RedisServer
let sshd: Sshd
let archive: string

beforeAll(async () => {
  ;[redis, sshd] = await Promise.all([startRedis(), startSshd()])
  archive = await mkdtemp(join(tmpdir(), 'fg-archive-'))
})

afterAll(async () => {
  await redis[Symbol.asyncDispose]()
  await sshd[Symbol.asyncDispose]()
  await rm(archive, { recursive: true, force: true })
})

test('a million lines take no more of Redis than they may, and every node gives each of them', async () => {
  await using one = await startNode({ FARGLASS_ARCHIVE: archive })
  await using two = await startNode({ FARGLASS_ARCHIVE: archive })
  const id = await startLines(one, 1_000_000)
  let most = 0
  const ended = await until(
    'it has ended',
    async () => {
      most = Math.max(most, await hotBytes(id))
      const run = await two.api.get(id)
      return run.state === 'ended' ? run : undefined
    },
    120_000,
  )
  expect(ended).toMatchObject({ outcome: 'succeeded', first: 0, gaps: 0, lines: 1_000_000 })
  await until('the rest is moved', async () => (await hotBytes(id)) <= limits.hotBytesMin)
  // What Redis has of its own in each line, and one batch that was under way.
  expect(most).toBeLessThan((limits.hotHeldFactor + 1) * limits.hotBytesMin)
  const files = await readdir(join(archive, id))
  expect(files.length).toBeGreaterThan(5)
  const raw = await fetch(`${two.url}/api/v1/runs/${id}/raw?channel=out`)
  const hash = createHash('sha256')
  for await (const part of raw.body ?? []) hash.update(part)
  expect(hash.digest('hex')).toBe(digestOfLines(1_000_000))
  // Each file once, however many pages were read of it.
  const reads = valueOf(await figuresAt({ url: two.url }), 'farglass_archive_reads_total')
  expect(reads).toBe(files.length)
  await two.api.remove(id)
  expect(await readdir(archive)).not.toContain(id)
}, 180_000)

test('without an archive the oldest lines go, and who reads the run is told how many, also while it goes on', async () => {
  await using one = await startNode({})
  await using two = await startNode({})
  const id = await startLines(one, 600_000, 'exec sleep 300')
  const seen = [one, two].map((node) => readFrom(node, id))
  const leave = new AbortController()
  const reading = seen.map(({ read }) => read(leave.signal))
  let [first, looks] = [0, 0]
  await until(
    'its oldest lines are gone',
    async () => {
      const run = await one.api.get(id)
      // Nothing is added any more, so nothing more goes but what is on its way out already.
      const isOver = run.lines >= 600_000 && (await hotBytes(id)) <= limits.hotBytesMin
      looks = isOver && run.first === first ? looks + 1 : 0
      first = run.first
      return looks >= looksForStillness
    },
    120_000,
  )
  expect(first).toBeGreaterThan(0)
  expect(await two.api.get(id)).toMatchObject({ state: 'running', first })
  for (const each of seen) await until('viewers are told', () => each.first === first)
  const exported = await runCli(['export', id, '--server', two.url])
  expect(exported.stderr).toContain(`${first} lines were removed before here`)
  await one.api.stop(id)
  await Promise.all(reading)
  const late = readFrom(two, id)
  await late.read(AbortSignal.timeout(60_000))
  const { next } = await one.api.get(id)
  expect([late.first, late.from, late.to]).toEqual([first, first, next])
}, 180_000)

const looksForStillness = 50

/** One that follows the run, and what it has been told. */
function readFrom(node: Farglass, id: string) {
  const state = { first: 0, from: -1, to: 0 }
  return Object.assign(state, {
    async read(signal: AbortSignal) {
      for await (const event of node.api.follow(id, 0, signal)) {
        if (event.kind === 'run') state.first = event.run.first
        if (event.kind !== 'lines') continue
        if (state.from < 0) state.from = event.pos
        state.to = event.next
      }
    },
  })
}

function startNode(env: Record<string, string>): Promise<Farglass> {
  const keep = { FARGLASS_REDIS: redis.url, FARGLASS_REDIS_KEEP: '8M' }
  return startFarglass({
    sshConfigFile: sshd.sshConfigFile,
    auth: 'none',
    env: { ...keep, ...env },
  })
}

async function startLines(node: Farglass, count: number, after = ':'): Promise<string> {
  const command = `seq -f '${prefix}%.0f' 1 ${count}; ${after}`
  const { id } = await node.api.start({ target: sshd.alias, source: { kind: 'command', command } })
  return id
}

const prefix = 'a line of so many that are read back, number '

function digestOfLines(count: number): string {
  const hash = createHash('sha256')
  for (let number = 1; number <= count; number++) hash.update(`${prefix}${number}\n`)
  return hash.digest('hex')
}

async function hotBytes(id: string): Promise<number> {
  return Number(await redis.cli('MEMORY', 'USAGE', `farglass:{${id}}:log`, 'SAMPLES', '0')) || 0
}
