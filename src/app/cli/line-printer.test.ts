/** What the command line says when a run ends. */
import { expect, test } from 'vitest'
import type { Run, Task } from '../../shared/run.ts'
import { planOf } from '../../shared/run-plan.ts'
import { createLinePrinter } from './line-printer.ts'
import type { Output } from './output.ts'

const lost: Task = {
  id: 0,
  host: 'web-1',
  mode: 'plain',
  state: 'lost',
  exitCode: 0,
  signal: null,
  outBytes: 3,
  errBytes: 0,
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: '2026-01-01T00:00:01.000Z',
  awaySince: null,
  message: 'The disk is full. Make room.',
  code: 'store-failed',
  question: null,
}

const run: Run = {
  id: `r${'a'.repeat(25)}`,
  target: 'web-1',
  source: { kind: 'command', command: 'true' },
  mode: 'plain',
  merged: false,
  plan: planOf({}, { kind: 'command' }, 1),
  state: 'ended',
  outcome: 'lost',
  lines: 0,
  first: 0,
  next: 0,
  epoch: 1,
  gaps: 0,
  lost: 0,
  duplicated: 0,
  epochs: [],
  reset: null,
  paused: null,
  pinned: false,
  removed: null,
  createdAt: '2026-01-01T00:00:00.000Z',
  endedAt: '2026-01-01T00:00:01.000Z',
  tasks: [lost],
}

function collect(json = false) {
  const written = { out: '', err: '' }
  const output: Output = {
    isTerminal: () => false,
    columns: 80,
    write: async (target, data) => {
      written[target] += typeof data === 'string' ? data : new TextDecoder().decode(data)
    },
    drain: async () => {},
    closed: new AbortController().signal,
  }
  return { written, printer: createLinePrinter({ output, json, raw: false, bytes: null }) }
}

const sentence = 'farglass: web-1: lost: The disk is full. Make room.\n'

test.each([false, true])(
  'an end that no note tells is said all the same (--json: %s)',
  async (json) => {
    const { written, printer } = collect(json)
    await printer.take({ kind: 'run', run })
    await printer.take({ kind: 'end', next: 0, run })
    expect(written).toEqual({ out: '', err: sentence })
  },
)

test('a run with gaps says so at its end, as the notes may have scrolled away', async () => {
  const { written, printer } = collect()
  const ended: Run = { ...run, outcome: 'succeeded', tasks: [{ ...lost, state: 'ended' }] }
  await printer.take({ kind: 'run', run: ended })
  await printer.take({ kind: 'end', next: 0, run: ended })
  expect(written.err).toBe('')
  for (const gaps of [1, 2]) await printer.take({ kind: 'end', next: 0, run: { ...ended, gaps } })
  expect(written.err).toMatch(
    /^farglass: the output has a gap: .+\nfarglass: the output has 2 gaps: .+\n$/,
  )
})

test('a run that waits for the disk of Farglass says so once', async () => {
  const { written, printer } = collect()
  const paused = 'The disk of Farglass is full. Make room on it.'
  const running: Run = { ...run, state: 'running', outcome: null }
  for (const each of [null, paused, paused, null, paused]) {
    await printer.take({ kind: 'run', run: { ...running, paused: each } })
  }
  expect(written).toEqual({ out: '', err: `farglass: paused: ${paused}\n`.repeat(2) })
})

const time = '2026-01-01T00:00:00.000Z'

function fileGroup(file: string, ...lines: string[]) {
  return { task: 0, channel: 'out', time, file, lines } as const
}

test('of several followed files each line says which one it is from', async () => {
  const { written, printer } = collect()
  await printer.take({ kind: 'run', run })
  const groups = [fileGroup('/var/log/a', 'one', 'two'), fileGroup('/var/log/access', 'three')]
  await printer.take({ kind: 'lines', pos: 0, next: 3, groups })
  await printer.take({ kind: 'lines', pos: 3, next: 4, groups: [fileGroup('/var/log/a', 'four')] })
  expect(written.out).toBe(
    [
      '/var/log/a │ one',
      '/var/log/a │ two',
      '/var/log/access │ three',
      '/var/log/a      │ four',
      '',
    ].join('\n'),
  )
})

test('of several hosts with several files the host comes first', async () => {
  const { written, printer } = collect()
  const tasks = [lost, { ...lost, id: 1, host: 'db' }]
  await printer.take({ kind: 'run', run: { ...run, tasks } })
  const groups = [{ ...fileGroup('/var/log/a', 'one'), task: 1 }]
  await printer.take({ kind: 'lines', pos: 0, next: 1, groups })
  expect(written.out).toBe('db    /var/log/a │ one\n')
})

test('a file name acts on no terminal, makes no line of its own, and is not longer than 40 columns', async () => {
  const { written, printer } = collect()
  await printer.take({ kind: 'run', run })
  const evil = `/${'d/'.repeat(2_000)}\x1b[31m\x1b]0;title\x07a\nb\r\u202e.log`
  await printer.take({ kind: 'lines', pos: 0, next: 1, groups: [fileGroup(evil, 'text')] })
  const [prefix = '', text] = written.out.split(' │ ')
  expect(text).toBe('text\n')
  // eslint-disable-next-line no-control-regex -- what must not be there
  expect(prefix).not.toMatch(/[\x00-\x1f\u202e]/)
  expect(prefix).toMatch(/^…[d/]+a␊b␍U\+202E\.log$/)
  expect(prefix.length).toBeGreaterThan(30)
  expect(prefix.length).toBeLessThanOrEqual(40)
})

test('as JSON a line carries the file as it is named on the host', async () => {
  const { written, printer } = collect(true)
  await printer.take({ kind: 'run', run })
  const groups = [fileGroup('/var/log/ä\n', 'one', 'two')]
  await printer.take({ kind: 'lines', pos: 7, next: 9, groups })
  const lines = written.out.trimEnd().split('\n')
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
    ['one', 'two'].map((text, index) => {
      const place = { pos: 7 + index, task: 0, host: 'web-1', channel: 'out', time }
      return { ...place, file: '/var/log/ä\n', text }
    }),
  )
})

test('an end that a note has told is not said twice', async () => {
  const { written, printer } = collect()
  await printer.take({ kind: 'run', run })
  const lines = ['lost: The disk is full. Make room.']
  const note = { task: 0, channel: 'note', time, lines } as const
  await printer.take({ kind: 'lines', pos: 0, next: 1, groups: [note] })
  await printer.take({ kind: 'end', next: 1, run })
  expect(written.err).toBe(sentence)
})

test('lines that were removed before they could come are told, each once', async () => {
  const { written, printer } = collect()
  await printer.take({ kind: 'run', run: { ...run, first: 3 } })
  await printer.take({ kind: 'lines', pos: 3, next: 4, groups: [fileGroup('/a', 'text')] })
  expect(written.err).toContain('3 lines were removed before here')
  await printer.take({ kind: 'run', run: { ...run, first: 3 } })
  await printer.take({ kind: 'run', run: { ...run, first: 9 } })
  expect(written.err.match(/\d+ lines were removed/g)).toEqual([
    '3 lines were removed',
    '5 lines were removed',
  ])
})
