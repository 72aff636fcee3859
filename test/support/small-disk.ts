/** A small disk of its own for a data directory, that can be filled (a tmpfs). Needs root. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface SmallDisk extends AsyncDisposable {
  /** Where it is mounted. */
  readonly directory: string
  /** Takes all room that is left. */
  fill(): void
  makeRoom(): void
}

/** Whether this test may mount; only root may. */
export const canMount: boolean = process.getuid?.() === 0

export async function mountTmpfs(megabytes: number): Promise<SmallDisk> {
  const base = mkdtempSync(join(tmpdir(), 'farglass-disk-'))
  const directory = join(base, 'disk')
  await mkdir(directory)
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', directory])
  return {
    ...ballastOn(directory),
    directory,
    async [Symbol.asyncDispose]() {
      // Lazy: a server that a failed test has left behind still holds files open.
      execFileSync('umount', ['-l', directory])
      rmSync(base, { recursive: true, force: true })
    },
  }
}

function ballastOn(directory: string): Pick<SmallDisk, 'fill' | 'makeRoom'> {
  const file = join(directory, 'ballast')
  return {
    fill() {
      const { bavail, bsize } = statfsSync(directory)
      for (let size = bavail * bsize; size >= bsize; size = Math.floor(size / 2)) {
        try {
          writeFileSync(file, Buffer.alloc(size), { flag: 'a' })
        } catch {
          // Somebody else was faster: what is left is tried in smaller pieces.
        }
      }
    },
    makeRoom: () => rmSync(file, { force: true }),
  }
}
