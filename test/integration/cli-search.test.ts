/** `farglass search` and `farglass export`, with a server and without, on runs that are stored. */
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts'
import { newRunId } from '../../src/adapters/system/ids.ts'
import { newTask } from '../../src/core/runs/task-state.ts'
import type { LineGroup } from '../../src/shared/line-group.ts'
import { type Farglass, makeDataDirectory, runCli, startFarglass } from '../support/farglass.ts'
import { sampleRun } from '../support/sample-run.ts'

const older = newRunId()
const newer = newRunId()
const hopeless = newRunId()
const long = 'x'.repeat(200_000)
let data: string

function group(text: string, more: Partial<LineGroup> = {}): LineGroup {
  const bytes = Buffer.from(text)
  const count = text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
  const end = text.endsWith('\n') ? 'newline' : 'unterminated'
  return {
    task: 0,
    channel: 'out',
    time: Date.parse('2026-01-01T00:00:05Z'),
    count,
    bytes,
    end,
    ...more,
  }
}

const binary = Buffer.from([0, 255, 13, 10])
const groups: readonly LineGroup[] = [
  group('connected to web-1\n', { channel: 'note' }),
  group('Alpha needle\n\u001b[31mred\u001b[0m needle\r\n'),
  group('[error] second needle\n', { task: 1, channel: 'err' }),
  group(`${long} needle\n`),
  { ...group('x\n'), bytes: binary },
  group('the end', { task: 1 }),
]

beforeAll(async () => {
  data = await makeDataDirectory()
  await using store = await openSqliteStore({ directory: data, sync: 'interval' })
  const runs = [
    [hopeless, [group(`${'a'.repeat(200)}b\n`)]],
    [older, [group('only a NEEDLE here\n')]],
    [newer, groups],
  ] as const
  for (const [id, lines] of runs) {
    const ended = {
      state: 'ended',
      outcome: 'succeeded',
      endedAt: '2026-01-01T00:00:09.000Z',
    } as const
    const tasks = ['web-1', 'web-2'].map((host, at) => ({
      ...newTask(at, host),
      state: 'ended' as const,
      exitCode: 0,
    }))
    await store.catalog.create(sampleRun({ id, tasks, ...ended }), 'test')
    await store.log.append({ run: id, epoch: 1, pos: 0, groups: lines, tasks: [] })
    await store.catalog.save({ run: id, epoch: 1, tasks, state: ended })
  }
})

afterAll(() => rm(data, { recursive: true, force: true }))

async function cli(...args: string[]) {
  const result = await runCli([...args, '--data', data])
  return {
    status: result.status,
    out: result.stdout.toString(),
    err: result.stderr,
    bytes: result.stdout,
  }
}

const exactBytes = Buffer.concat(
  groups.filter(({ channel }) => channel !== 'note').map(({ bytes }) => bytes),
)

describe('without a server', () => {
  test('a search finds lines by conditions, an export has the exact bytes, and a pattern that takes for ever is stopped', async () => {
    expect((await cli('search', 'needle', '--count', '--channel', 'out')).out).toBe(
      `${newer}:3\n${older}:1\n`,
    )
    const red = await cli('search', 'red needle', '--run', newer)
    expect([red.status, red.out]).toEqual([0, '2 web-1 │ \u001b[31mred\u001b[0m needle\n'])
    const all = await cli('export', newer)
    expect([all.status, all.err, all.bytes.equals(exactBytes)]).toEqual([0, '', true])
    const level = await cli('search', 'a', '--level', 'bad', '--run', newer)
    expect(level.err).toContain('"level" must be of error, warn')
    const stopped = await cli('search', '^(a+)+$', '--regex', '--run', hopeless)
    expect(stopped.status).toBe(1)
    expect(stopped.err).toContain('this pattern takes too long')
  })
})

describe('with a server', () => {
  let server: Farglass
  beforeAll(async () => {
    server = await startFarglass({ dataDirectory: data })
  })
  afterAll(() => server[Symbol.asyncDispose]())

  test('a search finds lines in all runs, the newest first, as they are shown', async () => {
    const found = await cli('search', 'needle')
    expect(found.err).toBe('')
    expect(found.status).toBe(0)
    const lines = found.out.split('\n')
    expect(lines.map((line) => line.slice(0, 60))).toEqual([
      `${newer}:1 web-1 │ Alpha needle`,
      `${newer}:2 web-1 │ \u001b[31mred\u001b[0m needle`,
      `${newer}:3 web-2 │ [error] second needle`,
      `${newer}:4 web-1 │ ${long}`.slice(0, 60),
      `${older}:0 web-1 │ only a NEEDLE here`,
      '',
    ])
    expect(lines[3]).toMatch(/x needle$/)
  })

  test('in one run, by conditions, as JSON, as a count', async () => {
    const red = await cli('search', 'red needle', '--run', newer)
    expect(red.out).toBe('2 web-1 │ \u001b[31mred\u001b[0m needle\n')
    const json = await cli('search', '', '--level', 'error', '--host', 'web-2', '--json')
    expect(JSON.parse(json.out)).toEqual({
      run: newer,
      host: 'web-2',
      pos: 3,
      task: 1,
      channel: 'err',
      time: '2026-01-01T00:00:05.000Z',
      text: '[error] second needle',
    })
    expect((await cli('search', 'needle', '--count')).out).toBe(`${newer}:4\n${older}:1\n`)
    expect((await cli('search', 'needle', '--limit', '1', '--run', newer)).out).toBe(
      '1 web-1 │ Alpha needle\n',
    )
  })

  test('that finds nothing ends with 1, and what is wrong is a sentence', async () => {
    const none = await cli('search', 'Needle', '--run', newer)
    expect([none.status, none.out, none.err]).toEqual([1, '', ''])
    const pattern = await cli('search', '(', '--regex', '--run', newer)
    expect(pattern.status).toBe(2)
    expect(pattern.err).toContain('"(" is not a regular expression')
  })

  test('an export has the exact bytes, of all or of one host and channel', async () => {
    const all = await cli('export', newer)
    expect(all.err).toBe('')
    expect(all.bytes.equals(exactBytes)).toBe(true)
    expect((await cli('export', newer, '--host', 'web-2', '--channel', 'err')).out).toBe(
      '[error] second needle\n',
    )
    expect((await cli('export', newer, '--host', 'db-1')).err).toContain('has no host "db-1"')
  })

  test('goes packed into a file that is there when it is whole', async () => {
    const folder = await makeDataDirectory()
    try {
      const file = join(folder, 'run.gz')
      const done = await cli(
        'export',
        newer,
        '--format',
        'ndjson',
        '--query',
        'needle',
        '--gzip',
        '--output',
        file,
      )
      expect([done.status, done.err]).toEqual([0, ''])
      const lines = gunzipSync(await readFile(file))
        .toString()
        .trimEnd()
        .split('\n')
      const texts = lines.map((line) => (JSON.parse(line) as { text: string }).text)
      expect(texts[0]).toBe('Alpha needle')
      expect(texts[3]).toBe(`${long} needle`)
      expect(texts).toHaveLength(4)
      const nowhere = await cli('export', newer, '--output', join(folder, 'no', 'such'))
      expect(nowhere.err).toContain('cannot be written')
      expect(await readdir(folder)).toEqual(['run.gz'])
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  test('as text has time and host, and no colours', async () => {
    const text = await cli(
      'export',
      newer,
      '--format',
      'text',
      '--channel',
      'out,note',
      '--until',
      '2026-02-01T00:00:00Z',
    )
    const [note, , red] = text.out.split('\n')
    expect(note).toBe('2026-01-01T00:00:05.000Z web-1 connected to web-1')
    expect(red).toBe('2026-01-01T00:00:05.000Z web-1 red needle')
  })
})
