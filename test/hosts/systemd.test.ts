/** Journals and units of a real systemd: the first process of a machine of its own, reached by ssh. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Channel } from '../../src/shared/channel.ts'
import type { Source } from '../../src/shared/run.ts'
import { makeBusyboxRoot } from '../support/busybox-root.ts'
import { containerTools } from '../support/engine.ts'
import { type Farglass, startFarglass } from '../support/farglass.ts'
import { type Sshd, startSshd } from '../support/sshd.ts'
import { bootSystemd, type SystemdMachine } from '../support/systemd-machine.ts'
import { until } from '../support/until.ts'

let machine: SystemdMachine
let sshd: Sshd
let server: Farglass

const users = [
  ['reader', 'systemd-journal'],
  ['nobody-special', 'nogroup'],
] as const

beforeAll(async () => {
  machine = await bootSystemd()
  for (const [name, group] of users) {
    await machine.run('useradd', '--create-home', '--shell', '/bin/sh', '--groups', group, name)
  }
  await machine.unit(
    'shop@.service',
    `[Service]
ExecStart=/bin/sh -c 'n=0; while [ $$n -lt 200 ]; do n=$$((n+1)); echo %i $$n; done; echo %i all; sleep 600'
`,
  )
  sshd = await startSshd({ machine, aliases: ['web-1'] })
  server = await startFarglass({ sshConfigFile: sshd.sshConfigFile })
})

afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  await sshd?.[Symbol.asyncDispose]()
  await machine?.[Symbol.asyncDispose]()
})

/** Of the machine, as one of its users. */
const as = (user: string) => `${user}@web-1`

/** A run that follows a unit, and what it has given so far. */
function follow(unit: string, { user = 'root', lines = 10 } = {}) {
  return followSource({ kind: 'journal', unit, lines }, user)
}

async function followSource(source: Source, user: string) {
  const { id } = await server.api.start({ target: as(user), source })
  const ended = new AbortController()
  const said: { channel: Channel; text: string }[] = []
  const reading = (async () => {
    for await (const event of server.api.follow(id, 0, ended.signal)) {
      if (event.kind !== 'lines') continue
      for (const { channel, lines: texts } of event.groups) {
        said.push(...texts.map((text) => ({ channel, text })))
      }
    }
  })().catch(() => undefined)
  const texts = (channel: Channel) =>
    said.filter((each) => each.channel === channel).map(({ text }) => text)
  const messages = () => texts('out').map((text) => text.replace(/^\S+ \S+ [^:]+: /, ''))
  return {
    id,
    texts,
    messages,
    task: async () => (await server.api.get(id)).tasks[0],
    has: (text: string) => until(`"${text}" is shown`, () => messages().includes(text), 20_000),
    async [Symbol.asyncDispose]() {
      await server.api.stop(id).catch(() => undefined)
      ended.abort()
      await reading
    },
  }
}

const counted = (name: string) => [
  ...Array.from({ length: 200 }, (_, at) => `${name} ${at + 1}`),
  `${name} all`,
]

describe('the journal of a unit of a real systemd', () => {
  test('is followed entry by entry over restarts of a unit of a template, and over cuts', async () => {
    await machine.run('systemctl', 'start', 'shop@1.service', 'shop@2.service')
    await using run = await follow('shop@1.service', { lines: 300 })
    await until('it begins', () => run.messages().includes('1 all'), 20_000)
    await machine.run('systemctl', 'restart', 'shop@1.service')
    await sshd.killSessions()
    await until(
      'it goes on',
      () => run.messages().filter((text) => text === '1 all').length > 1,
      20_000,
    )
    const own = run.messages().filter((text) => text.startsWith('1 '))
    expect(own).toEqual([...counted('1'), ...counted('1')])
    expect(run.messages().some((text) => text.startsWith('Started shop@1.service'))).toBe(true)
    expect(run.messages().join('\n')).not.toContain('2 all')
  })

  test('waits for a unit that has no entry yet, whatever its name', async () => {
    const name = 'dev-disk-by\\x2did-a:b.service'
    await machine.unit(name, '[Service]\nExecStart=/bin/echo hello\n')
    await using run = await follow(name)
    await until('it runs', async () => (await run.task())?.state === 'running', 20_000)
    await machine.run('systemctl', 'start', name)
    await run.has('hello')
  })

  test('goes on over a rotation, and over the removal of all that was rotated', async () => {
    await using run = await follow('shop@3.service', { lines: 0 })
    await until('it runs', async () => (await run.task())?.state === 'running', 20_000)
    await machine.run('systemctl', 'start', 'shop@3.service')
    await run.has('3 all')
    await machine.run('journalctl', '--rotate')
    await machine.run('systemctl', 'restart', 'shop@3.service')
    await until(
      'it goes on',
      () => run.messages().filter((text) => text === '3 all').length > 1,
      20_000,
    )
    await machine.run('journalctl', '--rotate', '--vacuum-size=1')
    await machine.run('systemctl', 'restart', 'shop@3.service')
    await until(
      'it goes on',
      () => run.messages().filter((text) => text === '3 all').length > 2,
      20_000,
    )
    const own = run.messages().filter((text) => text.startsWith('3 '))
    expect(own).toEqual([...counted('3'), ...counted('3'), ...counted('3')])
  })

  test('is given to a user of the group systemd-journal; another one is told what to do', async () => {
    await machine.run('systemctl', 'restart', 'shop@4.service')
    await using run = await follow('shop@4.service', { user: 'reader', lines: 300 })
    await run.has('4 all')
    await using other = await follow('shop@4.service', { user: 'nobody-special' })
    const told = () => other.texts('note').find((text) => text.startsWith('unreadable'))
    expect(await until('it is told', told, 20_000)).toContain('group "systemd-journal"')
  })
})

describe('units of a real systemd', () => {
  const complete = async (prefix: string, user = 'root') => {
    const signal = AbortSignal.timeout(20_000)
    return server.api.complete(as(user), { kind: 'unit', prefix }, signal)
  }

  test('of the user alone are offered to that user, and followed without further rights', async () => {
    const text = '[Service]\\nExecStart=/bin/sh -c "echo mine; sleep 600"\\n'
    const folder = '~/.config/systemd/user'
    await machine.run('loginctl', 'enable-linger', 'nobody-special')
    const write = `mkdir -p ${folder} && printf '${text}' >${folder}/own.service`
    const systemctl = 'XDG_RUNTIME_DIR=/run/user/$(id -u) systemctl --user'
    const words = `${write} && ${systemctl} daemon-reload && ${systemctl} start own.service`
    await until('the systemd of the user runs', () =>
      machine.run('su', 'nobody-special', '-c', words).then(
        () => true,
        () => false,
      ),
    )
    expect((await complete('ow', 'nobody-special')).candidates).toEqual(['own.service'])
    await using run = await follow('own.service', { user: 'nobody-special' })
    await run.has('mine')
  })

  test('are offered, hundreds of them, also to whoever may not read the journal', async () => {
    const many = '[Service]\nExecStart=/bin/true\nRemainAfterExit=yes\n'
    await machine.unit('many@.service', many)
    const names = Array.from({ length: 210 }, (_, at) => `many@${at + 1}.service`)
    await machine.run('systemctl', 'start', ...names)
    const all = await complete('many@')
    expect([all.candidates.length, all.isCut]).toEqual([200, true])
    expect((await complete('many@20')).candidates).toHaveLength(11)
    expect((await complete('many@20', 'nobody-special')).candidates).toHaveLength(11)
    expect((await complete('dev-disk-by\\x2did')).candidates).toEqual([
      'dev-disk-by\\x2did-a:b.service',
    ])
  })
})

test('a container whose Podman writes to the journal, as it does by itself there, is followed over a restart and cuts', async () => {
  const rootfs = join(machine.shared, 'rootfs')
  makeBusyboxRoot(rootfs, containerTools)
  const write = (file: string, text: string) =>
    machine.run('sh', '-c', 'printf "$1" >"$2"', 'sh', text, file)
  // The settings of the kernel are read-only in the machine.
  await write('/etc/containers/containers.conf', '[containers]\ndefault_sysctls=[]\n')
  const storage =
    '[storage]\ndriver="vfs"\ngraphroot="/run/podman/all"\nrunroot="/run/podman/run"\n'
  await write('/etc/containers/storage.conf', storage)
  const script =
    'n=0; while [ $n -lt 300 ]; do n=$((n+1)); echo out $n; echo err $n >&2; done; sleep 1; echo all; sleep 600'
  const how = '--detach --name shop --network none --cgroups disabled'.split(' ')
  const limits = '--ulimit nofile=1024:1024 --ulimit nproc=1000:1000'.split(' ')
  const program = ['--rootfs', rootfs, '/bin/sh', '-c', script]
  await machine.run('podman', 'run', ...how, ...limits, ...program)
  const driver = ['inspect', '--format', '{{.HostConfig.LogConfig.Type}}', 'shop']
  expect(await machine.run('podman', ...driver)).toBe('journald\n')
  await using run = await followSource({ kind: 'container', name: 'shop', lines: 1_000 }, 'root')
  const starts = () => run.texts('out').filter((text) => text === 'all').length
  await until('it begins', () => starts() === 1, 20_000)
  await machine.run('podman', 'restart', '--time', '0', 'shop')
  await sshd.killSessions()
  await until('it goes on', () => starts() === 2, 20_000)
  const numbers = Array.from({ length: 300 }, (_, at) => at + 1)
  const out = [...numbers.map((n) => `out ${n}`), 'all']
  expect(run.texts('out')).toEqual([...out, ...out])
  const err = numbers.map((n) => `err ${n}`)
  expect(run.texts('err')).toEqual([...err, ...err])
})
