/** What is kept of runs: retention, pins, and whole runs as files, by the real program. */
import { createHash } from 'node:crypto'
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { openSqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts'
import { newRunId } from '../../src/adapters/system/ids.ts'
import type { Run } from '../../src/shared/run.ts'
import { makeDataDirectory, runCli } from '../support/farglass.ts'
import { startHttpServer } from '../support/http-server.ts'
import { postJson, send } from '../support/raw-http.ts'
import { sampleRun } from '../support/sample-run.ts'
import { type Sshd, startSshd } from '../support/sshd.ts'

let sshd: Sshd
let data = ''
let other = ''

beforeAll(async () => {
  sshd = await startSshd({ aliases: ['web-1', 'web-2'] })
  data = await makeDataDirectory()
  other = await makeDataDirectory()
})

afterAll(async () => {
  await sshd[Symbol.asyncDispose]()
  for (const directory of [data, other]) rmSync(directory, { recursive: true, force: true })
})

test('a run that is exported whole comes back elsewhere as it was: id, positions, times and every byte', async () => {
  const command = String.raw`printf 'caf\303\251\n\377\376 no utf-8\n\000nul\r\nlast'; echo err >&2; exit 3`
  await cli(data, ['run', '--ssh-config', sshd.sshConfigFile, 'web-1,web-2', '--', command])
  const [run] = await runsIn(data)
  if (run === undefined) throw new Error('There is no run.')
  const file = join(data, 'run.gz')
  await cli(data, ['export', run.id, '--format', 'run', '--gzip', '--output', file])
  const imported = await cli(other, ['import', file, '--json'])
  const back = JSON.parse(imported.stdout.toString()) as Run
  expect({ ...back, pinned: false }).toEqual(run)
  for (const format of ['raw', 'ndjson']) {
    const digests = await Promise.all(
      [data, other].map(async (at) =>
        digest((await cli(at, ['export', run.id, '--format', format])).stdout),
      ),
    )
    expect(new Set(digests).size).toBe(1)
  }
  const again = await runCli(['import', '--data', other, file])
  expect([again.status, again.stderr]).toEqual([1, expect.stringContaining('is there already')])
})

test('a file of a run that is cut off or changed is refused with its line, and leaves nothing', async () => {
  const text = gunzipSync(readFileSync(join(data, 'run.gz'))).toString()
  const lines = text.split('\n').slice(0, -1)
  const id = newRunId()
  const wrong: readonly (readonly [string, RegExp])[] = [
    [
      lines.slice(0, -1).join('\n'),
      new RegExp(`Line ${lines.length} is missing: the file was cut off`),
    ],
    [lines.toSpliced(2, 1).join('\n'), /Line 3 has position \d+ where \d+ comes next/],
    [lines.toSpliced(1, 0, '{').join('\n'), /Line 2 is no JSON object/],
    [lines.toSpliced(0, 1).join('\n'), /Line 1 is not where such a line can be/],
    [text.replace('"version":1', '"version":9'), /Line 1 is of a kind or version/],
    [text.replace('"state":"ended"', '"state":"running"'), /Line 1 is a run that had not ended/],
    [text.replace(/"outcome":"[a-z]+"/, '"outcome":"great"'), /Line 1 holds no run: outcome/],
    ['', /Line 1 is missing/],
  ]
  const [run] = await runsIn(data)
  const before = (await runsIn(other)).length
  for (const [content, message] of wrong) {
    const file = join(data, 'wrong.ndjson')
    writeFileSync(file, content.replaceAll(run?.id ?? '', id))
    const result = await runCli(['import', '--data', other, file])
    expect([result.status, result.stderr]).toEqual([1, expect.stringMatching(message)])
  }
  expect(await runsIn(other)).toHaveLength(before)
})

test('retention says what it would remove, removes it when it is saved, and each run says so', async () => {
  const [run] = await runsIn(other)
  const id = run?.id ?? ''
  await cli(other, ['run', '--ssh-config', sshd.sshConfigFile, 'web-1', '--', 'echo newer'])
  const dry = await cli(other, ['retention', 'set', '--runs', '1', '--dry-run'])
  expect(dry.stderr).toContain('would remove nothing')
  await cli(other, ['pin', '--off', id])
  const second = await cli(other, ['retention', 'set', '--runs', '1', '--dry-run', '--json'])
  const { isSaved, preview } = JSON.parse(second.stdout.toString())
  expect([isSaved, preview.lines.runs, preview.kept.runs]).toEqual([false, 1, 1])
  const saved = await cli(other, ['retention', 'set', '--runs', '1'])
  expect(saved.stderr).toMatch(/removes the lines of 1 run \(\d+ B\); lines stay of 1 run/)
  expect((await cli(other, ['retention'])).stdout.toString()).toContain('among the newest 1')
  const list = await cli(other, ['runs'])
  expect(list.stdout.toString()).toMatch(new RegExp(`${id}.* \\(removed\\)`))
  const shown = await cli(other, ['attach', id], 3)
  expect(shown.stderr).toMatch(/lines removed by retention \(not among the newest 1\) at 20/)
  expect(shown.stderr).toMatch(/retention: \d+ lines removed/)
})

test('over HTTP a run is pinned, found by that, and retention leaves it', async () => {
  await using server = await startHttpServer()
  const [kept, gone] = [await server.run('echo kept'), await server.run('echo gone')]
  for (const { id } of [kept, gone]) await server.ended(id)
  const pin = `${server.base}/api/v1/runs/${kept.id}/pin`
  expect((await send(pin, { method: 'PUT' })).json).toMatchObject({ id: kept.id, pinned: true })
  const pinned = await send(`${server.base}/api/v1/runs?pinned=true`)
  expect(pinned.json).toMatchObject({ runs: [{ id: kept.id }] })
  const policy = { ageMs: 60_000, bytesMax: null, runsMax: 5, rowAgeMs: null, saved: [] }
  const address = `${server.base}/api/v1/retention`
  const preview = await postJson(`${address}/preview`, policy)
  expect(preview.json).toMatchObject({ lines: { runs: 0 }, pinned: { runs: 1, bytes: 5 } })
  const short = await postJson(`${address}/preview`, { ...policy, ageMs: 1 })
  expect([short.status, short.text]).toEqual([400, expect.stringContaining('a minute or more')])
  expect((await send(pin, { method: 'DELETE' })).json).toMatchObject({ pinned: false })
})

test('room of removed lines is used again: the file of the store does not grow with each removal', async () => {
  const directory = join(data, 'grown')
  await using store = await openSqliteStore({ directory, sync: 'interval' })
  const sizes: number[] = []
  for (let round = 0; round < 4; round++) {
    const run = sampleRun({ id: newRunId() })
    await store.catalog.create(run, 'me')
    const bytes = new Uint8Array(64 * 1024).fill(97)
    bytes[bytes.length - 1] = 10
    const group = { task: 0, channel: 'out', time: 0, count: 1, bytes, end: 'newline' } as const
    for (let pos = 0; pos < 200; pos++) {
      await store.log.append({ run: run.id, epoch: 1, pos, groups: [group], tasks: [] })
    }
    await store.log.drop(run.id)
    sizes.push(statSync(join(directory, 'farglass.sqlite')).size)
  }
  const [first = 0] = sizes
  expect(Math.max(...sizes)).toBeLessThan(2 * Math.max(first, 200 * 64 * 1024))
})

test('the examples of the guide do what it says, one after the other', async () => {
  const [here, there] = [await makeDataDirectory(), await makeDataDirectory()]
  onTestFinished(() => {
    for (const directory of [here, there]) rmSync(directory, { recursive: true, force: true })
  })
  await cli(here, ['run', '--ssh-config', sshd.sshConfigFile, 'web-1', '--', 'echo restart'])
  const [run] = await runsIn(here)
  const guide = readFileSync(new URL('../../docs/guide/history.md', import.meta.url), 'utf8')
  const examples = [...guide.matchAll(/```sh\n(.*?)```/gs)]
    .flatMap(([, block = '']) => block.split('\n'))
    .filter((line) => line.startsWith('farglass '))
  expect(examples.length).toBeGreaterThan(12)
  const said = new Map<string, string>()
  for (const example of examples) {
    const words = example
      .replace('$RUN', run?.id ?? '')
      .replace('run.gz', join(here, 'run.gz'))
      .split(' ')
      .slice(1)
    const result = await cli(words[0] === 'import' ? there : here, words)
    said.set(example, `${result.stdout.toString()}${result.stderr}`)
  }
  expect(said.get('farglass runs --pinned')).toContain(run?.id)
  expect(said.get('farglass runs --text restart --since 1d')).toContain(run?.id)
  expect(said.get('farglass retention set --age 30d --size 10G --dry-run')).toContain(
    'would remove nothing',
  )
  expect(said.get('farglass import run.gz')).toContain('is back, with 1 line, and pinned')
  expect((await cli(here, ['retention'])).stdout.toString()).toBe(
    'all runs      keep their lines\nall together  any size\nthe list      has runs for 365 days\n',
  )
})

async function cli(at: string, [name = '', ...words]: readonly string[], status?: number) {
  const result = await runCli([name, '--data', at, ...words])
  if (name !== 'run')
    expect([result.status, result.status === (status ?? 0) ? '' : result.stderr]).toEqual([
      status ?? 0,
      '',
    ])
  return result
}

async function runsIn(at: string): Promise<readonly Run[]> {
  const { stdout } = await cli(at, ['runs', '--json', '--tasks'])
  return stdout
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Run)
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
