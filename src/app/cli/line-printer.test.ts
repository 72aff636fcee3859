/** What the command line says when a run ends. */
import { expect, test } from 'vitest'
import type { Run, Task } from '../../shared/run.ts'
import { createLinePrinter } from './line-printer.ts'
import type { Output } from './output.ts'

const lost: Task = {
  id: 0,
  host: 'web-1',
  state: 'lost',
  exitCode: 0,
  signal: null,
  outBytes: 3,
  errBytes: 0,
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: '2026-01-01T00:00:01.000Z',
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
  state: 'ended',
  outcome: 'lost',
  lines: 0,
  first: 0,
  next: 0,
  epoch: 1,
  lost: 0,
  duplicated: 0,
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

test('an end that a note has told is not said twice', async () => {
  const { written, printer } = collect()
  await printer.take({ kind: 'run', run })
  const time = lost.startedAt ?? ''
  const lines = ['lost: The disk is full. Make room.']
  const note = { task: 0, channel: 'note', time, lines } as const
  await printer.take({ kind: 'lines', pos: 0, next: 1, groups: [note] })
  await printer.take({ kind: 'end', next: 1, run })
  expect(written.err).toBe(sentence)
})
