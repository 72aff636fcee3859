/**
 * A container as an engine shows it. No engine runs in every place where these tests do, so the
 * program called docker here stands in for one (engine.py); test/chaos has a real Podman.
 */
import { appendFileSync, chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { removeFolderSync } from './remove-folder.ts'

export interface Container extends Disposable {
  /** To be first on the PATH of the host. */
  readonly path: string
  /** One line of the container; several may get the same stamp. */
  print(channel: 'out' | 'err', text: string, stamp?: string): void
  stop(): void
  start(): void
  /** Another container takes the name; what the old one has printed is gone. */
  replace(): void
  remove(): void
  /** As rotation of the engine's own log does: all lines so far are gone. */
  forget(): void
  /** Who reads its output now hears nothing more. */
  deafen(): void
  /** Its log driver gives nothing back from now on. */
  hide(): void
  /** The stamp of now, never the same twice. */
  stamp(): string
}

export function startContainer(): Container {
  const directory = mkdtempSync(join(tmpdir(), 'fg-engine-'))
  const program = join(directory, 'docker')
  const engine = fileURLToPath(new URL('engine.py', import.meta.url))
  writeFileSync(
    program,
    `#!/bin/sh\nFARGLASS_TEST_ENGINE='${directory}' exec python3 '${engine}' "$@"\n`,
  )
  chmodSync(program, 0o755)
  let number = 1
  let starts = 0
  let nanos = 0
  const id = () => `${number}`.repeat(64)
  const log = () => join(directory, `log-${id()}`)
  const set = (running: boolean) => {
    writeFileSync(join(directory, 'state'), `${id()} ${running} start-${starts}\n`)
  }
  const begin = () => {
    starts += 1
    appendFileSync(log(), '')
    set(true)
  }
  const stamp = () => {
    nanos = (nanos + 1) % 1_000_000
    return `${new Date().toISOString().slice(0, -1)}${String(nanos).padStart(6, '0')}Z`
  }
  begin()
  return {
    path: directory,
    print(channel, text, at = stamp()) {
      appendFileSync(log(), `${at} ${channel === 'out' ? 'o' : 'e'} ${text}\n`)
    },
    stop: () => set(false),
    start: begin,
    replace() {
      rmSync(log())
      number += 1
      begin()
    },
    remove: () => rmSync(join(directory, 'state')),
    forget: () => writeFileSync(log(), ''),
    deafen: () => writeFileSync(join(directory, 'deaf'), ''),
    hide: () => writeFileSync(join(directory, 'unreadable'), ''),
    stamp,
    [Symbol.dispose]: () => removeFolderSync(directory),
  }
}
