import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { filesIn, reasonsOf, textsOf } from '../../../test/support/written-texts.ts'
import { cannotReasons } from '../../core/remote/durable-probe.ts'
import { notes } from '../../core/runs/notes.ts'
import { newTask } from '../../core/runs/task-state.ts'
import { AppError, errorTable } from '../../shared/errors.ts'
import { removalNote } from '../../shared/retention.ts'
import { zhErrors } from './zh-errors.ts'
import { translateNote } from './zh-notes.ts'
import { translateFailure, translateReason } from './zh-reasons.ts'

/** Words of a sentence; facts are no more than two of them in a row. */
const english = /[a-z]+,? [a-z]+ [a-z]+/i

describe('a note is in Chinese', () => {
  const task = newTask(0, 'web-1')
  const command = { kind: 'command', command: 'uptime' } as const
  const files = { kind: 'files', paths: ['/var/log/a'] } as const
  const lost = new AppError('connection-lost', 'R.')
  const gap = { channel: 'out', from: 1, to: 9, reason: 'R' } as const
  const said: Readonly<Record<keyof typeof notes, readonly string[]>> = {
    connected: [notes.connected(task)],
    disconnected: [notes.disconnected(lost, command), notes.disconnected(lost, files)],
    reconnected: [
      notes.reconnected({ ...task, errBytes: 5 }, command, 1_800),
      notes.reconnected(task, files, 1_800),
      notes.reconnected(task, files, null),
    ],
    fellBack: [notes.fellBack('R')],
    gap: [
      notes.gap(gap),
      notes.gap({ ...gap, to: null, channel: 'err' }),
      notes.gap({ ...gap, from: null, file: '/var/log/a' }),
      notes.gap({ ...gap, from: null, to: null }),
    ],
    exited: [notes.exited(137, 3_000), notes.exited(0, 3_000), notes.exited(null, 3_000)],
    resumed: [notes.resumed(lost, 3_000), notes.resumed(new AppError('disk-full', 'R.'), 3_000)],
    outputOpen: [notes.outputOpen(0)],
    failed: [notes.failed(lost)],
    lost: [notes.lost(lost)],
    timedOut: [notes.timedOut(lost)],
    stopped: [
      notes.stopped({ kind: 'empty', gone: 1, killed: true, outside: [4, 5] }),
      notes.stopped({ kind: 'alive', pids: [4, 5] }),
      notes.stopped({ kind: 'unknown', why: 'R' }),
    ],
  }
  test.each(Object.values(said).flat())('%s', isChinese)

  const removal = { at: '', before: 9, lines: 1_204, limit: 86_400_000 }
  test.each(['age', 'size', 'runs'] as const)('of lines removed by %s', (rule) => {
    isChinese(removalNote({ ...removal, rule }))
  })

  test('wherever the code writes one', () => {
    const kinds = [...kindsOfProtocol(), 'retention'].join('|')
    const isNote = new RegExp(`^(?:${kinds})(?:: | (?:to|for|from|after|by|followed)\\b)`)
    const written = ['src/core', 'src/adapters']
      .flatMap((folder) => filesIn(folder))
      // Its notes have their own test above.
      .filter((file) => !file.endsWith('runs/notes.ts'))
      .flatMap((file) => textsOf(file).filter((text) => isNote.test(text)))
    expect(written.length).toBeGreaterThan(15)
    for (const note of written) isChinese(note)
  })
})

describe('a reason is in Chinese', () => {
  test.each(Object.values(cannotReasons))('%s', (reason) => {
    expect(translateReason(reason)).not.toMatch(english)
  })

  test('wherever the code of a task gives one', () => {
    const given = [
      ...filesIn('src/core/runs/modes'),
      ...['recovery', 'sudo-access', 'task-errors', 'task-runner'].map(
        (name) => `src/core/runs/${name}.ts`,
      ),
      'src/core/files/catch-up-file.ts',
    ].flatMap(reasonsOf)
    expect(given.length).toBeGreaterThan(25)
    for (const reason of given) {
      expect(translateReason(reason)).not.toMatch(english)
      expect(translateReason(reason)).not.toBe(reason)
    }
  })

  test('with the hint of each code, which says what to do', () => {
    for (const [code, { hint }] of Object.entries(errorTable)) {
      const words = Object.entries(zhErrors).find(([known]) => known === code)?.[1]
      expect(translateFailure(`It says so. ${hint}`)).toBe(
        `${words?.what}${words?.todo} It says so.`,
      )
    }
  })

  test('and what ssh has said in it stays', () => {
    const lost = new AppError(
      'connection-lost',
      'The connection to host "web-1" was lost. ssh said: "Broken pipe"',
    )
    expect(translateNote(notes.lost(lost))).toBe(
      '失联：与主机 "web-1" 的连接已丢失。ssh 说："Broken pipe"。请检查网络，然后再次运行。',
    )
    const refused = new AppError('connection-refused', 'Host "web-1" refused the connection.')
    expect(translateNote(notes.failed(refused))).toBe(
      '失败：连接被拒绝。请检查端口，以及主机上的 sshd 是否在运行。 Host "web-1" refused the connection.',
    )
  })
})

function isChinese(note: string): void {
  const said = translateNote(note)
  expect(said).not.toMatch(english)
  expect(said).not.toBe(note)
}

/** The first words of notes that are documented for readers. */
function kindsOfProtocol(): readonly string[] {
  const page = readFileSync('docs/protocol.md', 'utf8')
  const [, table = ''] = page.split('| kind | says |')
  const rows = table.split('\n\n', 1).join('').split('\n')
  return rows
    .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)])
    .map(([, kind = '']) => kind)
}
