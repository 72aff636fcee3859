/**
 * A machine with a whole systemd of its own: process 1, journal, logind, D-Bus. Its root is a view of
 * the root of this machine, so that it has the same programs; what it writes is forgotten at its end.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { removeFolder } from './remove-folder.ts'
import { until } from './until.ts'

export interface SystemdMachine extends AsyncDisposable {
  /** Words of a program that runs another one in the machine. */
  readonly enter: readonly string[]
  /** A directory that the machine and this one both see. */
  readonly shared: string
  /** One program in the machine, to its end; gives its stdout. */
  run(...words: readonly string[]): Promise<string>
  /** A file of the machine, as a unit: its systemd is told. */
  unit(name: string, text: string): Promise<void>
}

const execute = promisify(execFile)

/** Needs root, and a kernel that allows mounts and namespaces; an error holds what was forbidden. */
export async function bootSystemd(): Promise<SystemdMachine> {
  const base = await mkdtemp(join(tmpdir(), 'fg-machine-'))
  const shared = join(base, 'shared')
  await mkdir(shared)
  await execute('chmod', ['755', base, shared])
  const script = join(base, 'boot')
  await writeFile(script, bootScript(base))
  const words = '--mount --pid --uts --ipc --cgroup --fork --kill-child=KILL'.split(' ')
  const child = spawn('unshare', [...words, 'sh', script], { stdio: ['ignore', 'pipe', 'pipe'] })
  const said: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes: Buffer) => said.push(bytes))
  }
  try {
    const pid = await firstProcess(child, said)
    const enter = ['nsenter', `--target=${pid}`, '--all', '--']
    const run = async (...more: readonly string[]) => {
      const [program = '', ...rest] = [...enter, ...more]
      return (await execute(program, rest, { maxBuffer: 64 * 1024 * 1024, env: environment }))
        .stdout
    }
    await until('systemd has started all it should', () => isUp(run, child, said), 30_000)
    return {
      enter,
      shared,
      run,
      async unit(name, text) {
        await run('sh', '-c', `printf %s "$1" >/etc/systemd/system/"$2"`, 'sh', text, name)
        await run('systemctl', 'daemon-reload')
      },
      [Symbol.asyncDispose]: () => shutDown(child, base),
    }
  } catch (thrown) {
    await shutDown(child, base)
    throw thrown
  }
}

const environment = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' }

/**
 * Nothing of this machine may be touched: its kernel's settings are read-only there, so that
 * systemd-sysctl leaves them alone; no timer of a package and no daemon starts, but D-Bus and logind.
 */
function bootScript(base: string): string {
  return `set -e
mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs /mnt
mkdir /mnt/upper /mnt/work /mnt/root
mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work /mnt/root
cd /mnt/root
mount -t proc proc proc
mount --bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs dev
for node in null zero full random urandom tty; do cp -a /dev/$node dev/$node; done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,gid=5 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
for place in run var/log; do mount -t tmpfs -o mode=755 tmpfs $place; done
mount -t tmpfs -o mode=1777 tmpfs tmp
mkdir -p run/sshd var/log/journal '.${base}'
mount --bind '${base}' '.${base}'
: >etc/machine-id
echo test-machine >etc/hostname
for unit in timers.target docker.socket podman.socket; do ln -sf /dev/null etc/systemd/system/$unit; done
cat >etc/systemd/system/farglass-test.target <<'END'
[Unit]
Requires=basic.target
Wants=dbus.service systemd-logind.service systemd-user-sessions.service
After=basic.target dbus.service systemd-logind.service systemd-user-sessions.service
AllowIsolate=yes
END
pivot_root . mnt
cd /
umount -l /mnt
exec env -i container=farglass-test PATH=${environment.PATH} /lib/systemd/systemd --system --unit=farglass-test.target --show-status=no </dev/null
`
}

/** The one child of `unshare`, as this machine numbers it. */
async function firstProcess(child: ChildProcess, said: readonly Buffer[]): Promise<number> {
  return until('the machine has a first process', async () => {
    isAlive(child, said)
    const children = await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')
    const pid = Number(children.trim().split(' ')[0])
    if (!(pid > 0)) return undefined
    return (await readFile(`/proc/${pid}/comm`, 'utf8')) === 'systemd\n' && pid
  })
}

async function isUp(
  run: SystemdMachine['run'],
  child: ChildProcess,
  said: readonly Buffer[],
): Promise<boolean> {
  isAlive(child, said)
  const ask = run('systemctl', 'is-active', 'farglass-test.target')
  return (await ask.catch(() => '')).trim() === 'active'
}

function isAlive(child: ChildProcess, said: readonly Buffer[]): void {
  if (child.exitCode === null && child.signalCode === null) return
  throw new Error(`No systemd can be booted here: ${Buffer.concat(said).toString().trim()}`)
}

/** With its first process all others of the machine end, and its mounts go. */
async function shutDown(child: ChildProcess, base: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  await removeFolder(base)
}
