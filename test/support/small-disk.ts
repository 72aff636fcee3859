/** A small disk of its own for a data directory, that can be filled: a tmpfs, or ext4 on a loop device. Needs root. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statfsSync, truncateSync, writeFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface SmallDisk extends AsyncDisposable {
  /** Where it is mounted. */
  readonly directory: string
  /** Takes all room that is left. */
  fill(): void
  makeRoom(): void
}

export interface LoopDisk extends SmallDisk {
  /** `loop7`, its name under /dev and /sys. */
  readonly device: string
  /**
   * As a power cut: all that was not synced is gone, nothing more is written. Whoever writes must be
   * stopped before it, by SIGSTOP. A sync that is under way while ext4 is shut down may be answered
   * "done" although its data never reaches the disk: a bare loop of write and fdatasync on Linux 6.18
   * was lied to in 25 of 300 cuts, though never about what was answered before the cut began. A machine
   * that loses its power does not live to hear that.
   */
  cutPower(): void
  /** Mounts it again, as at the next boot; nobody may have files open on it. */
  restart(): void
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

/** ext4, which forgets at a power cut what was not synced. `options` are those of mount -o. */
export async function mountLoop(megabytes: number, options = 'loop'): Promise<LoopDisk> {
  const base = mkdtempSync(join(tmpdir(), 'farglass-disk-'))
  const directory = join(base, 'disk')
  const image = join(base, 'image')
  await mkdir(directory)
  await writeFile(image, '')
  truncateSync(image, megabytes * 1024 * 1024)
  execFileSync('mkfs.ext4', ['-q', '-F', image])
  const mount = () => void execFileSync('mount', ['-o', options, image, directory])
  mount()
  return {
    ...ballastOn(directory),
    directory,
    get device() {
      const mounted = readFileSync('/proc/mounts', 'utf8').split('\n')
      const line = mounted.find((each) => each.split(' ')[1] === directory) ?? ''
      return line.split(' ')[0]?.replace('/dev/', '') ?? ''
    },
    cutPower: () => void execFileSync('python3', ['-c', shutdown, directory]),
    restart() {
      execFileSync('umount', [directory])
      mount()
    },
    async [Symbol.asyncDispose]() {
      execFileSync('umount', ['-l', directory])
      rmSync(base, { recursive: true, force: true })
    },
  }
}

/** EXT4_IOC_SHUTDOWN without flushing its journal. */
const shutdown = `
import fcntl, os, struct, sys
fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587D, struct.pack('I', 2))`

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
