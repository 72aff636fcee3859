/** The image of deploy/Containerfile, built by a real Podman from a base made on this machine, and containers of it. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import {
  chmod,
  chown,
  copyFile,
  cp,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { Sshd } from './sshd.ts'

export interface ContainerImage extends AsyncDisposable {
  /** Runs it on the network of this machine with the keys of that sshd; the container is `farglass`. */
  start(options: { readonly port: number; readonly sshd: Sshd }): Promise<void>
  /** One command of Podman; gives what it prints. */
  podman(...args: readonly string[]): Promise<string>
}

const run = promisify(execFile)
const image = 'localhost/farglass:test'
const base = 'localhost/base:test'
/** Of the user in the image. */
const uid = 1_770

/** Needs root, and the registries of Debian and npm; takes minutes. */
export async function buildContainerImage(): Promise<ContainerImage> {
  const directory = await mkdtemp(join(tmpdir(), 'fg-image-'))
  const view = await openView()
  const enter = [`--mount=/proc/${view.pid}/ns/mnt`, 'podman']
  const own = ['root', 'runroot', 'tmpdir'].flatMap((name) => [`--${name}`, join(directory, name)])
  const how = ['--storage-driver', 'overlay', '--cgroup-manager', 'cgroupfs']
  const podman = async (...args: readonly string[]) => {
    const words = [...enter, ...own, ...how, '--events-backend', 'file', ...args]
    return (await run('nsenter', words, { maxBuffer: 64 * 1024 * 1024 })).stdout.trim()
  }
  const dispose = async () => {
    await podman('rm', '--force', '--ignore', '--time', '0', '--volumes', 'farglass')
    await podman('rmi', '--force', '--all')
    view.kill('SIGKILL')
    await rm(directory, { recursive: true, force: true })
  }
  try {
    const rootfs = join(directory, 'rootfs')
    await makeBase(rootfs)
    const archive = join(directory, 'base.tar')
    await run('tar', ['-C', rootfs, '-cf', archive, '.'])
    await podman('import', '--change', `ENV NODE_EXTRA_CA_CERTS=${authorities}`, archive, base)
    await podman('build', ...buildWords, resolve('.'))
  } catch (thrown) {
    await dispose()
    throw thrown
  }
  return {
    podman,
    start: async ({ port, sshd }) => {
      const keys = join(directory, 'ssh')
      await layKeys(keys, sshd)
      const place = ['--network', 'host', '--volume', `${keys}:/home/farglass/.ssh:ro`]
      await podman(
        'run',
        '--detach',
        '--name',
        'farglass',
        ...bare,
        ...place,
        '--env',
        `FARGLASS_PORT=${port}`,
        image,
      )
    },
    [Symbol.asyncDispose]: dispose,
  }
}

/** What a container must do without on a machine that is one itself. */
const bare = wordsOf(
  '--cgroups disabled --log-driver k8s-file --ulimit nofile=1024:1024 --ulimit nproc=1000:1000',
)

const buildWords = [
  ...wordsOf(`--format docker --tag ${image} --build-arg BASE=${base}`),
  ...wordsOf('--network host --isolation chroot --layers=false'),
  '--file',
  resolve('deploy/Containerfile'),
]

function wordsOf(line: string): readonly string[] {
  return line.split(' ')
}

/**
 * A view of the mounts in which all commands of Podman find the roots of its containers. crun refuses a
 * machine that has both kinds of cgroups mounted, so this view is freed of the second.
 */
async function openView(): Promise<ChildProcess & { readonly pid: number }> {
  const script = 'umount /sys/fs/cgroup/unified 2>/dev/null; echo; exec sleep infinity'
  const view = spawn('unshare', ['--mount', 'sh', '-c', script], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  await once(view.stdout, 'data')
  const { pid } = view
  if (pid === undefined) throw new Error('unshare has not been started.')
  return Object.assign(view, { pid })
}

const authorities = '/etc/ssl/certs/ca-certificates.crt'

/** As the official image of Node, in what counts: Debian, node and npm. */
async function makeBase(rootfs: string): Promise<void> {
  const words = ['--variant=minbase', '--include=ca-certificates', 'bookworm', rootfs]
  await run('debootstrap', words, { maxBuffer: 64 * 1024 * 1024 })
  const npm = dirname(dirname((await run('readlink', ['-f', await which('npm')])).stdout.trim()))
  await copyFile(process.execPath, join(rootfs, 'usr/bin/node'))
  await cp(npm, join(rootfs, 'usr/lib/node_modules/npm'), {
    recursive: true,
    verbatimSymlinks: true,
  })
  await symlink('../lib/node_modules/npm/bin/npm-cli.js', join(rootfs, 'usr/bin/npm'))
  // Whom this machine trusts, which is more than everybody where its way out is watched.
  if (existsSync(authorities)) await copyFile(authorities, join(rootfs, authorities))
}

async function which(name: string): Promise<string> {
  return (await run('sh', ['-c', `command -v ${name}`])).stdout.trim()
}

/** Key, known hosts and configuration as a person would mount them: readable by that user alone. */
async function layKeys(directory: string, sshd: Sshd): Promise<void> {
  await mkdir(directory, { mode: 0o700 })
  const config = (await readFile(sshd.sshConfigFile, 'utf8')).replaceAll(
    `${sshd.directory}/`,
    '/home/farglass/.ssh/',
  )
  await writeFile(join(directory, 'config'), config)
  for (const file of [sshd.keyFile, sshd.knownHostsFile]) {
    await copyFile(file, join(directory, file.slice(sshd.directory.length + 1)))
  }
  const { stdout } = await run('find', [directory])
  for (const path of stdout.trim().split('\n')) {
    await chown(path, uid, uid)
    if (path !== directory) await chmod(path, 0o600)
  }
}
