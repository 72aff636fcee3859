/** A real Podman with a directory of its own, and one container in it that a test lets print. */
import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export interface Podman extends Disposable {
  /** To be first on the PATH of the host. */
  readonly path: string
  /** Starts the container `shop` anew with this program of BusyBox's sh; an old one goes. */
  run(script: string): void
}

/** Without network, cgroups and an image: its root holds BusyBox. Needs root. */
export function startPodman(): Podman {
  const directory = mkdtempSync(join(tmpdir(), 'fg-podman-'))
  const rootfs = join(directory, 'rootfs')
  makeRoot(rootfs)
  const program = join(directory, 'bin', 'podman')
  mkdirSync(dirname(program))
  writeFileSync(program, wrapper(directory))
  chmodSync(program, 0o755)
  const podman = (...args: readonly string[]) => {
    const { status, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 60_000 })
    if (status !== 0) throw new Error(`podman ${args[0] ?? ''} failed: ${stderr}`)
  }
  return {
    path: dirname(program),
    run(script) {
      podman('rm', '--force', '--ignore', '--time', '0', 'shop')
      const limits = ['--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1000:1000']
      const own = ['--network', 'none', '--cgroups', 'disabled', '--log-driver', 'k8s-file']
      const how = ['--detach', '--name', 'shop', ...limits, ...own]
      podman('run', ...how, '--rootfs', rootfs, '/bin/sh', '-c', script)
    },
    [Symbol.dispose]: () => {
      podman('rm', '--force', '--ignore', '--time', '0', 'shop')
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** crun refuses a machine that has both kinds of cgroups mounted: its view is freed of the second. */
function wrapper(directory: string): string {
  const own = `--root '${directory}/root' --runroot '${directory}/run' --tmpdir '${directory}/tmp'`
  const how = '--storage-driver vfs --cgroup-manager cgroupfs --events-backend file'
  return `#!/bin/sh
exec unshare --mount sh -c 'umount /sys/fs/cgroup/unified 2>/dev/null; exec /usr/bin/podman "$@"' podman ${own} ${how} "$@"
`
}

function makeRoot(rootfs: string): void {
  for (const folder of ['bin', 'dev', 'etc', 'proc', 'sys', 'tmp']) {
    mkdirSync(join(rootfs, folder), { recursive: true })
  }
  copyFileSync('/bin/busybox', join(rootfs, 'bin/busybox'))
  for (const tool of ['sh', 'sleep', 'seq']) symlinkSync('busybox', join(rootfs, 'bin', tool))
  // A static BusyBox has none.
  const { stdout } = spawnSync('ldd', ['/bin/busybox'], { encoding: 'utf8' })
  for (const [library] of stdout.matchAll(/\/\S+/g)) {
    mkdirSync(dirname(join(rootfs, library)), { recursive: true })
    execFileSync('cp', ['--dereference', library, join(rootfs, library)])
  }
}
