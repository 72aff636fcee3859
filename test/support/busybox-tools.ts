/** A directory with nothing but BusyBox programs: the PATH of a small host. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Tools extends Disposable {
  readonly path: string
}

/** Without the programs named in `missing`. */
export function busyboxTools(missing: readonly string[] = []): Tools {
  const path = mkdtempSync(join(tmpdir(), 'fg-busybox-'))
  execFileSync('busybox', ['--install', '-s', path])
  for (const name of missing) rmSync(join(path, name), { force: true })
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
