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
  return {
    path: directory,
    write(message, ms) {
      number += 1
      part.writer.stdin.write(entryOf(ms ?? (1_763_000_000 + number) * 1_000, message))
    },
    holds: (count) =>
      until(`the journal holds ${count} entries`, () => countEntries(program) === count),
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

/** The export format of systemd: a field of bytes has its length before them. */
function entryOf(ms: number, message: string | Uint8Array): Buffer {
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
    '_SYSTEMD_UNIT=app.service',
    'MESSAGE\n',
  ].join('\n')
  return Buffer.concat([Buffer.from(head), size, bytes, Buffer.from('\n\n')])
}
