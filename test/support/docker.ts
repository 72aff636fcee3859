/** A real Docker daemon with a directory and a socket of its own. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { makeBusyboxRoot } from './busybox-root.ts'
import { containerTools, type Engine, engineCommand } from './engine.ts'
import { until } from './until.ts'

export interface Docker extends Engine {
  /** Who may use it is decided by the rights of this file. */
  readonly socket: string
}

/** Without network, and its containers with one image that holds BusyBox. Needs root. */
export async function startDocker(): Promise<Docker> {
  const directory = mkdtempSync(join(tmpdir(), 'fg-docker-'))
  // Whoever may not use the socket has to come as far as to it.
  chmodSync(directory, 0o755)
  const socket = join(directory, 'socket')
  const daemon = await startDaemon(directory, socket)
  const program = join(directory, 'bin', 'docker')
  mkdirSync(dirname(program))
  writeFileSync(
    program,
    `#!/bin/sh\nHOME=/nonexistent exec /usr/bin/docker --host 'unix://${socket}' "$@"\n`,
  )
  chmodSync(program, 0o755)
  const command = (...words: readonly string[]) => engineCommand(program, words)
  importImage(directory, program)
  return {
    path: dirname(program),
    socket,
    command,
    run(name, script, options = []) {
      spawnSync(program, ['rm', '--force', name])
      const how = ['--detach', '--name', name, '--network', 'none', ...options]
      command('run', ...how, image, '/bin/sh', '-c', script)
    },
    async [Symbol.asyncDispose]() {
      const all = command('ps', '--all', '--quiet').trim().split('\n').filter(Boolean)
      if (all.length > 0) command('rm', '--force', ...all)
      daemon.kill('SIGTERM')
      if (daemon.exitCode === null) await once(daemon, 'exit')
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

const image = 'farglass-test:1'

/** In a view of the mounts that has one kind of cgroups: runc refuses a machine that has both. */
async function startDaemon(directory: string, socket: string) {
  const place = `--data-root ${directory}/data --exec-root ${directory}/run --pidfile ${directory}/pid`
  const how = '--bridge none --iptables=false --storage-driver vfs'
  const log = openSync(join(directory, 'log'), 'a')
  const script = `umount /sys/fs/cgroup/unified 2>/dev/null; exec dockerd ${place} ${how} --host unix://${socket}`
  const daemon = spawn('unshare', ['--mount', 'sh', '-c', script], {
    stdio: ['ignore', log, log],
    env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
  })
  closeSync(log)
  await until('the Docker daemon listens', () => {
    const said = readFileSync(join(directory, 'log'), 'utf8')
    if (daemon.exitCode !== null) throw new Error(`dockerd did not start: ${said}`)
    return said.includes('API listen on')
  })
  return daemon
}

function importImage(directory: string, program: string): void {
  const rootfs = join(directory, 'rootfs')
  makeBusyboxRoot(rootfs, containerTools)
  const archive = join(directory, 'rootfs.tar')
  engineCommand('tar', ['-C', rootfs, '-cf', archive, '.'])
  engineCommand(program, ['import', archive, image])
}
