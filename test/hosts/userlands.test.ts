/** Hosts that are not like the machine of a developer: other login shells, tools, languages and homes. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Channel } from '../../src/shared/channel.ts'
import type { Mode, Source } from '../../src/shared/run.ts'
import { makeBusyboxRoot } from '../support/busybox-root.ts'
import { type Farglass, startFarglass } from '../support/farglass.ts'
import { type Sshd, startSshd } from '../support/sshd.ts'
import { bootSystemd, type SystemdMachine } from '../support/systemd-machine.ts'
import { until } from '../support/until.ts'

/** A user of the machine, named after what is odd about it. */
interface OddUser {
  readonly name: string
  readonly shell: string
  /** What the user itself does in its home. */
  readonly prepare?: string
  /** What root does then. */
  readonly arrange?: string
  /** Why a run cannot be durable there. */
  readonly why?: string
}

const users: readonly OddUser[] = [
  {
    name: 'fish',
    shell: '/usr/bin/fish',
    prepare:
      'mkdir -p .config/fish; echo "echo Welcome; echo oops >&2; sleep 1" >.config/fish/config.fish',
  },
  {
    name: 'tcsh',
    shell: '/bin/tcsh',
    prepare: 'printf "echo Welcome\\nsleep 1\\n" >.tcshrc',
  },
  {
    name: 'slow-bash',
    shell: '/bin/bash',
    prepare: 'echo "echo Welcome; echo oops >&2; sleep 2; cd /" >.bashrc',
  },
  {
    name: 'chinese',
    shell: '/bin/bash',
    arrange: 'localedef -i zh_CN -f UTF-8 zh_CN.UTF-8',
  },
  {
    name: 'busybox',
    shell: '/bin/sh',
    arrange: `mkdir -p /srv/busybox/home/busybox && chown busybox /srv/busybox/home/busybox
      mount -t proc proc /srv/busybox/proc && mount --bind /dev /srv/busybox/dev
      chmod 1777 /srv/busybox/tmp`,
  },
  {
    name: 'read-only',
    shell: '/bin/bash',
    arrange: `mount --bind /home/read-only /home/read-only
      mount -o remount,bind,ro /home/read-only`,
    why: 'its user has no directory to keep the output in',
  },
  {
    name: 'full',
    shell: '/bin/bash',
    arrange: `mount -t tmpfs -o size=256k,mode=777 tmpfs /home/full
      cat /dev/zero >/home/full/ballast || true`,
    why: 'there is too little free space for the output',
  },
]

let machine: SystemdMachine
let sshd: Sshd
let server: Farglass

beforeAll(async () => {
  machine = await bootSystemd()
  makeBusyboxRoot(join(machine.shared, 'busybox'))
  const shell = (script: string) => machine.run('sh', '-ec', script)
  // sshd wants all of the way to such a root to be of root alone.
  await shell(`cp -a '${machine.shared}/busybox' /srv/busybox; mount -o remount,noexec /tmp`)
  for (const { name, shell: login, prepare = '', arrange = '' } of users) {
    await machine.run('useradd', '--create-home', '--shell', login, name)
    await machine.run('su', '--shell', '/bin/sh', name, '-c', `cd ~; ${prepare}`)
    await shell(arrange)
  }
  sshd = await startSshd({
    machine,
    aliases: ['web-1'],
    // The first one counts: with SHLVL, which is in the other, bash does not read .bashrc.
    sshdConfig: ['SetEnv FARGLASS_TEST=1'],
    sshdMatch: [
      'Match User chinese',
      'SetEnv LANG=zh_CN.UTF-8 LC_ALL=zh_CN.UTF-8',
      'Match User busybox',
      'ChrootDirectory /srv/busybox',
    ],
  })
  server = await startFarglass({ sshConfigFile: sshd.sshConfigFile })
})

afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  await sshd?.[Symbol.asyncDispose]()
  await machine?.[Symbol.asyncDispose]()
})

/** What a run on the machine gives, until it ends or `isEnough`. */
async function run(
  request: { user: string; source: Source; mode?: Mode },
  isEnough: (said: Record<Channel, string[]>) => boolean = () => false,
) {
  const { user, ...more } = request
  const { id } = await server.api.start({ target: `${user}@web-1`, ...more })
  const said: Record<Channel, string[]> = { out: [], err: [], note: [] }
  for await (const event of server.api.follow(id, 0, AbortSignal.timeout(40_000))) {
    if (event.kind !== 'lines') continue
    for (const { channel, lines } of event.groups) said[channel].push(...lines)
    if (isEnough(said)) break
  }
  const { tasks } = await server.api.get(id)
  await server.api.stop(id)
  return { ...said, task: tasks[0] }
}

describe.each(users)('a host that is $name', ({ name: user, why }) => {
  test.each(['durable', 'plain', 'pty'] as const)(
    'gives the output of a command and nothing else, and its exit code: %s',
    async (mode) => {
      const command = 'echo one; ls /nonexistent >&2; exit 3'
      const { out, err, note, task } = await run({
        user,
        source: { kind: 'command', command },
        mode,
      })
      const all = mode === 'pty' ? [out[0], out.slice(1)] : [out.join(), err]
      const complaint = user === 'chinese' ? '没有那个文件或目录' : 'No such file or directory'
      expect(all).toEqual(['one', [expect.stringContaining(complaint)]])
      expect(task).toMatchObject({ state: 'ended', exitCode: 3 })
      const isTold = note[0]?.startsWith(
        `plain: the host cannot hold a durable run, because ${why}`,
      )
      expect(isTold ?? false).toBe(mode === 'durable' && why !== undefined)
    },
  )

  test('has its files followed', async () => {
    const path = `/tmp/${user}.log`
    const place = user === 'busybox' ? `/srv/busybox${path}` : path
    const write = (script: string) => machine.run('sh', '-c', `umask 022; ${script}`)
    await write(`echo a >${place}`)
    const source = { kind: 'files', paths: [path], lines: 10 } as const
    let seen: readonly string[] = []
    const reading = run({ user, source }, ({ out }) => {
      seen = out
      return out.includes('c')
    })
    await until('the first line is read', () => seen.includes('a'), 20_000)
    await write(`echo b >>${place}; mv ${place} ${place}.1; echo c >${place}`)
    expect((await reading).out).toEqual(['a', 'b', 'c'])
  })
})
