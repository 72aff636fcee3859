/** A real Podman with a directory of its own. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { makeBusyboxRoot } from './busybox-root.ts'
import { containerTools, type Engine, engineCommand } from './engine.ts'

/**
 * Without network, cgroups and an image: the root of its containers holds BusyBox. Needs root.
 * `asDocker`: there is a docker too, as Debian's podman-docker has it.
 */
export function startPodman({ asDocker = false } = {}): Engine {
  const directory = mkdtempSync(join(tmpdir(), 'fg-podman-'))
  const rootfs = join(directory, 'rootfs')
  makeBusyboxRoot(rootfs, containerTools)
  const program = join(directory, 'bin', 'podman')
  mkdirSync(dirname(program))
  writeFileSync(program, wrapper(directory))
  chmodSync(program, 0o755)
  if (asDocker) {
    const said = 'Emulate Docker CLI using podman. Create /etc/containers/nodocker to quiet msg.'
    const link = join(dirname(program), 'docker')
    writeFileSync(link, `#!/bin/sh\necho '${said}' >&2\nexec '${program}' "$@"\n`)
    chmodSync(link, 0o755)
  }
  const command = (...words: readonly string[]) => engineCommand(program, words)
  return {
    path: dirname(program),
    command,
    run(name, script, options = []) {
      command('rm', '--force', '--ignore', '--time', '0', name)
      const limits = ['--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1000:1000']
      const own = ['--network', 'none', '--cgroups', 'disabled', '--log-driver', 'k8s-file']
      const how = ['--detach', '--name', name, ...limits, ...own, ...options]
      command('run', ...how, '--rootfs', rootfs, '/bin/sh', '-c', script)
    },
    [Symbol.asyncDispose]() {
      command('rm', '--force', '--all', '--time', '0')
      rmSync(directory, { recursive: true, force: true })
      return Promise.resolve()
    },
  }
}

/** crun refuses a machine that has both kinds of cgroups mounted: its view is freed of the second. */
function wrapper(directory: string): string {
  const own = `--root '${directory}/root' --runroot '${directory}/run' --tmpdir '${directory}/tmp'`
  const how = '--storage-driver vfs --cgroup-manager cgroupfs --events-backend file'
  return `#!/bin/sh
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
exec unshare --mount sh -c 'umount /sys/fs/cgroup/unified 2>/dev/null; exec /usr/bin/podman "$@"' podman ${own} ${how} "$@"
`
}
