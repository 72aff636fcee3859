import { mkdtemp, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RemoteHost } from '../../src/core/remote/remote-host.ts'
import { plainMode } from '../../src/core/runs/modes/plain-mode.ts'
import { ptyMode } from '../../src/core/runs/modes/pty-mode.ts'
import type { RunMode } from '../../src/core/runs/modes/run-mode.ts'
import { membersOf, runToEnd, startRun } from '../support/held-run.ts'
import { poll } from '../support/poll.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { type SshClient, sshProcesses, startClient } from '../support/ssh-client.ts'
import { type Sshd, startSshd } from '../support/sshd.ts'

const shells = [
  ['dash', '/usr/bin/dash'],
  ['bash', '/usr/bin/bash'],
  ['BusyBox', '/usr/bin/busybox'],
  ['mksh', '/usr/bin/mksh'],
] as const
describe.each(shells)('over a real sshd whose sh is %s', (_, file) => {
  let directory: string
  let sshd: Sshd
  let client: SshClient
  let host: RemoteHost

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'fg-sh-'))
    await symlink(file, join(directory, 'sh'))
    sshd = await startSshd({ sshdConfig: [`SetEnv PATH=${directory}:/usr/bin:/bin`] })
    client = await startClient(sshd.sshConfigFile)
    host = await client.connect(sshd.alias)
  })

  afterAll(async () => {
    await client[Symbol.asyncDispose]()
    await sshd[Symbol.asyncDispose]()
    await removeFolder(directory)
  })

  const run = (mode: (command: string) => RunMode, command: string) =>
    runToEnd({ host, mode, command })
  const start = (mode: (command: string) => RunMode, command: string) =>
    startRun({ host, mode, command })

  it('the host’s sh is the one that is meant', async () => {
    const said = await run(plainMode, 'readlink /proc/$$/exe')
    expect(said.out).toBe(`${file}\n`)
  })

  it.each([0, 7, 255])('tells exit code %i in both modes', async (code) => {
    for (const mode of [plainMode, ptyMode]) {
      expect(await run(mode, `exit ${code}`)).toMatchObject({ code, out: '', err: '' })
    }
  })

  it('tells a death by signal, which ssh alone would call 255', async () => {
    expect(await run(plainMode, "exec sh -c 'kill -SEGV $$'")).toMatchObject({ code: 139 })
    expect(await run(ptyMode, "exec sh -c 'kill -TERM $$'")).toMatchObject({ code: 143 })
  })

  it('keeps the command out of every argv, here and on the host', async () => {
    for (const mode of [plainMode, ptyMode]) {
      const said = await run(mode, 'T=canary42; ps -A -o args=; echo done')
      expect(said.out).toContain('done')
      expect(said.out).not.toContain('canary42')
    }
  })

  it('gives the environment that ssh gives, and starts in the home directory', async () => {
    const said = await run(plainMode, 'pwd; echo "$HOME|$USER|$SSH_CONNECTION"')
    expect(said.out).toMatch(/^(\/.*)\n\1\|[a-z]+\|\S+ \d+ \S+ \d+\n$/)
  })

  it('gives a terminal run a terminal without echo of what was sent', async () => {
    const said = await run(ptyMode, 'test -t 0 && test -t 1 && test -t 2 && printf "Name: "')
    expect(said).toMatchObject({ out: 'Name: ', err: '', code: 0 })
  })

  it('gives a terminal run of many lines whole', async () => {
    const said = await run(ptyMode, 'seq 1 100000')
    expect(said.out.length).toBe(588_895)
    expect(said.out.endsWith('\n100000\n')).toBe(true)
  })

  it('keeps both channels apart, and their last lines without newline', async () => {
    const said = await run(plainMode, 'printf "a\\nb"; printf c >&2; exit 3')
    expect(said).toMatchObject({ out: 'a\nb', err: 'c', code: 3 })
  })

  it('goes on until a child in the background lets the output go', async () => {
    const said = await run(plainMode, '(sleep 0.5; echo late) & echo now; exit 4')
    expect(said).toMatchObject({ out: 'now\nlate\n', code: 4 })
    expect(said.kinds.slice(-3)).toEqual(['exited', 'bytes', 'finished'])
  })

  it('goes on while the command has closed its outputs', async () => {
    const said = await run(plainMode, 'exec >&- 2>&-; sleep 0.5; exit 6')
    expect(said).toMatchObject({ code: 6, out: '', err: '' })
  })

  it('ends what the command leaves behind with its outputs closed', async () => {
    const said = await run(plainMode, 'sleep 60 >/dev/null 2>&1 & exit 0')
    expect(said.code).toBe(0)
    await poll(() => membersOf(said.pid)).toEqual([])
  })

  it('stops a command that ignores TERM, with its children, and proves it', async () => {
    for (const mode of [plainMode, ptyMode]) {
      const held = await start(mode, 'trap "" TERM HUP; sleep 60 & echo ready; sleep 60; sleep 60')
      await held.shows('ready')
      expect(await held.stop(300)).toMatchObject({ kind: 'empty', killed: true })
      expect(await held.done).toMatchObject({ code: 137 })
      expect(membersOf(held.said.pid)).toEqual([])
    }
  })

  it('seed-19-server-stop: nothing is left on the host when every ssh here is killed with -9', async () => {
    const other = await startClient(sshd.sshConfigFile)
    const otherHost = await other.connect(sshd.alias)
    const command = 'trap "" TERM HUP; sleep 60 & echo ready; sleep 60; sleep 60'
    const held = await Promise.all(
      [plainMode, ptyMode].map((mode) => startRun({ host: otherHost, mode, command })),
    )
    for (const run of held) await run.shows('ready')
    for (const { pid } of sshProcesses(other.directory)) process.kill(pid, 'SIGKILL')
    for (const run of held) {
      expect((await run.done).kinds.at(-1)).toBe('lost')
      await poll(() => membersOf(run.said.pid)).toEqual([])
    }
    await other[Symbol.asyncDispose]()
  })

  it('shows the words of a login that ends before the command', async () => {
    const refusal = join(directory, 'refuse')
    await writeFile(
      refusal,
      '#!/bin/sh\necho "This account is currently not available."\nexit 1\n',
      {
        mode: 0o755,
      },
    )
    await using refusing = await startSshd({ sshdConfig: [`ForceCommand ${refusal}`] })
    await using other = await startClient(refusing.sshConfigFile)
    for (const mode of [plainMode, ptyMode]) {
      await using otherHost = await other.connect(refusing.alias)
      const said = await runToEnd({ host: otherHost, mode, command: 'echo x' })
      expect(said.kinds).toEqual(['failed'])
      expect(said.error?.code).toBe('session-refused')
      expect(said.error?.message).toContain('"This account is currently not available."')
    }
  })
})
