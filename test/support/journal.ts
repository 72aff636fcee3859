/** A journal of our own: entries written by systemd-journal-remote, and a journalctl that reads only them. */
import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { until } from './until.ts'

export interface Journal extends AsyncDisposable {
  /** To be first on the PATH of the host. */
  readonly path: string
  /** One entry of `app.service`, of a year ago unless it says when; a message that is no text is given as bytes. */
  write(message: string | Uint8Array, ms?: number): void
  /** What every journal of a machine holds: an entry of another unit. Else journalctl knows of no boot. */
  boot(): Promise<unknown>
  /** Waits until the journal holds so many entries. */
  holds(count: number): Promise<unknown>
  /** As vacuuming does to the extreme: all entries so far are removed, later ones go to a new file. */
  vacuum(): Promise<void>
}

const journalRemote = '/usr/lib/systemd/systemd-journal-remote'

export function startJournal(): Journal {
  const directory = mkdtempSync(join(tmpdir(), 'fg-journal-'))
  const program = join(directory, 'journalctl')
  writeFileSync(program, `#!/bin/sh\nexec /usr/bin/journalctl --directory='${directory}' "$@"\n`)
  chmodSync(program, 0o755)
  let number = 0
  let files = 0
  const open = () => {
    files += 1
    const file = join(directory, `part${files}.journal`)
    return { file, writer: startWriter(file) }
  }
  let part = open()
  const close = async () => {
    part.writer.stdin.end()
    await once(part.writer, 'exit')
  }
  const next = () => {
    number += 1
    return (1_763_000_000 + number) * 1_000
  }
  const holds = (count: number) =>
    until(`the journal holds ${count} entries`, () => countEntries(program) === count)
  return {
    path: directory,
    write(message, ms = next()) {
      part.writer.stdin.write(entryOf({ ms, message, unit: 'app.service' }))
    },
    boot() {
      part.writer.stdin.write(entryOf({ ms: next(), message: 'booted', unit: 'init.scope' }))
      return holds(1)
    },
    holds,
    async vacuum() {
      await close()
      rmSync(part.file)
      part = open()
    },
    async [Symbol.asyncDispose]() {
      await close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

function countEntries(program: string): number {
  const { stdout } = spawnSync(program, ['--quiet', '--no-pager', '--output=json'])
  return stdout.toString().split('\n').length - 1
}

function startWriter(file: string): ChildProcessByStdio<Writable, null, null> {
  return spawn(journalRemote, [`--output=${file}`, '-'], { stdio: ['pipe', 'ignore', 'ignore'] })
}

interface Entry {
  readonly ms: number
  readonly message: string | Uint8Array
  readonly unit: string
}

/** The export format of systemd: a field of bytes has its length before them. */
function entryOf({ ms, message, unit }: Entry): Buffer {
  const micros = `${ms}000`
  const bytes = Buffer.from(message)
  const size = Buffer.alloc(8)
  size.writeBigUInt64LE(BigInt(bytes.length))
  const head = [
    `__REALTIME_TIMESTAMP=${micros}`,
    `__MONOTONIC_TIMESTAMP=${micros}`,
    `_BOOT_ID=${'b0'.repeat(16)}`,
    '_HOSTNAME=web-1',
    'SYSLOG_IDENTIFIER=app',
    '_PID=12',
    `_SYSTEMD_UNIT=${unit}`,
    'MESSAGE\n',
  ].join('\n')
  return Buffer.concat([Buffer.from(head), size, bytes, Buffer.from('\n\n')])
}
