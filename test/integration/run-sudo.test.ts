/** Commands by a real sudo, as a real user with a password. Needs root, to make that user. */
import { chmodSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { RemoteHosts } from '../../src/core/remote/remote-host.ts'
import type { LocalRunService } from '../../src/core/runs/run-service-parts.ts'
import { createMemoryStore, type MemoryStore } from '../../src/core/store/memory-store.ts'
import { textsOf } from '../../src/shared/line-group.ts'
import type { RunRequest } from '../../src/shared/protocol/requests.ts'
import type { Question } from '../../src/shared/question.ts'
import type { Run } from '../../src/shared/run.ts'
import { Secret } from '../../src/shared/secret.ts'
import { endDurableRuns } from '../support/durable-runs.ts'
import { testKeptSecrets } from '../support/kept-secrets.ts'
import { localHost } from '../support/local-host.ts'
import { allProcesses } from '../support/proc.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { command, startRunService } from '../support/run-service.ts'
import { canMakeUsers, makeUser, type ThrowawayUser } from '../support/throwaway-user.ts'
import { until } from '../support/until.ts'
import { watchProcesses } from '../support/watch-processes.ts'

interface UnderShell {
  readonly env?: Record<string, string>
  /** Argv of the host's sh. */
  readonly sh?: readonly string[]
}

describe.runIf(canMakeUsers)('a run by sudo', () => {
  let user: ThrowawayUser
  let home = ''
  let sudoers = ''
  let store: MemoryStore

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'fg-sudo-'))
    chmodSync(home, 0o755)
    user = await makeUser(join(home, 'user'))
    sudoers = `/etc/sudoers.d/${user.name}`
  })
  beforeEach(() => {
    store = createMemoryStore()
    allow('ALL')
  })
  afterAll(async () => {
    rmSync(sudoers, { force: true })
    endDurableRuns(join(home, 'user', '.local/state'))
    await user[Symbol.asyncDispose]()
    await removeFolder(home)
  })

  function allow(what: string, more = ''): void {
    rmSync(sudoers, { force: true })
    writeFileSync(sudoers, `${more}${user.name} ALL=(ALL:ALL) ${what}\n`, { mode: 0o440 })
  }

  /** As if sshd had logged the user in. */
  function hosts(env: Record<string, string> = {}, sh: readonly string[] = ['dash']): RemoteHosts {
    const shell = [
      'setpriv',
      `--reuid=${user.name}`,
      `--regid=${user.name}`,
      '--init-groups',
      ...sh,
    ]
    return {
      connect: async () => localHost(shell, { HOME: user.home, ...env }),
      [Symbol.asyncDispose]: async () => {},
    }
  }

  /** A path on which `sh` is this program, for the user and for root. */
  function pathWithSh(program: string): string {
    const bin = join(home, `sh-${program}`)
    mkdirSync(bin)
    symlinkSync(join('/usr/bin', program), join(bin, 'sh'))
    const path = `${bin}:/usr/sbin:/usr/bin:/sbin:/bin`
    allow('ALL', `Defaults:${user.name} secure_path="${path}"\n`)
    return path
  }

  function programsWithoutSudo(): string {
    const bin = join(home, 'bin')
    mkdirSync(bin)
    for (const name of readdirSync('/usr/bin')) {
      if (name !== 'sudo') symlinkSync(join('/usr/bin', name), join(bin, name))
    }
    return bin
  }

  /** Starts it and answers what it asks, with these in turn, until it has ended. */
  async function run(
    text: string,
    answers: readonly string[],
    { env, sh, ...more }: Partial<RunRequest> & UnderShell = {},
  ) {
    const kept = testKeptSecrets(store.records)
    await using runs = startRunService(hosts(env, sh), store, { kept })
    const secrets = new Map([['API_TOKEN', new Secret('canary-7731')]])
    const { id } = await runs.start({ ...command(text, { sudo: true, ...more }), secrets })
    const asked = await answerAll(runs, id, answers)
    return { ...(await shown(await runs.get(id))), asked }
  }

  async function answerAll(runs: LocalRunService, id: string, answers: readonly string[]) {
    const asked: Extract<Question, { kind: 'secret' }>[] = []
    for await (const item of runs.follow(id, 0, new AbortController().signal)) {
      if (item.kind !== 'task' || item.task.question?.kind !== 'secret') continue
      const { question } = item.task
      if (asked.some((other) => other.id === question.id)) continue
      const secret = answers[asked.length] ?? ''
      asked.push(question)
      await runs.answer(id, item.task.id, { kind: 'secret', question: question.id, secret })
    }
    return asked
  }

  async function shown(ended: Run) {
    const groups = await store.log.read(ended.id, 0, 1e9)
    const lines = groups
      .filter(({ channel }) => channel !== 'note')
      .flatMap((group) => textsOf(group))
    const stored = JSON.stringify([ended, groups.map((group) => textsOf(group))])
    return { ended, lines, stored, task: ended.tasks[0] }
  }

  test.each(['durable', 'plain', 'pty'] as const)(
    'is root, has its secrets, and its password is seen nowhere (%s)',
    async (mode) => {
      const watch = watchProcesses()
      const text = 'id -un; echo "<$API_TOKEN>"; echo err >&2; cat; sleep 0.2; (exit 7)'
      const { ended, asked, lines, task, stored } = await run(
        mode === 'pty' ? text.replace('cat; ', '') : text,
        [user.password],
        { mode },
      )
      const seen = await watch.stop()
      expect(task).toMatchObject({ state: 'ended', exitCode: 7 })
      expect([...lines].toSorted()).toEqual(['<[secret]>', 'err', 'root'])
      expect(asked).toMatchObject([
        { ask: 'sudo', prompt: `sudo password of ${user.name} on web-1`, refused: 0, echo: false },
      ])
      expect(ended).toMatchObject({ sudo: true, secretNames: ['API_TOKEN'] })
      for (const secret of [user.password, 'canary-7731']) {
        expect(stored).not.toContain(secret)
        expect(seen.arguments.filter((line) => line.includes(secret))).toEqual([])
      }
      expect(seen.withEnvironment(user.password)).toEqual([])
      const others = seen
        .withEnvironment('canary-7731')
        .filter((line) => !/^(sleep 0.2|id -un|cat)$/.test(line))
      expect(others).toEqual([])
    },
  )

  test('that prints its password shows it to nobody', async () => {
    const { lines } = await run(`echo '${user.password.replaceAll("'", `'\\''`)}'`, [user.password])
    expect(lines).toEqual(['[secret]'])
  })

  test('asks once more after a wrong password, then says so, and has tried it twice alone', async () => {
    const right = await run('id -un', ['wrong-one', user.password])
    expect(right.lines).toEqual(['root'])
    expect(right.asked.map(({ refused }) => refused)).toEqual([0, 1])
    const wrong = await run('id -un', ['wrong-one', 'wrong-two', 'wrong-three'], {
      target: 'web-1,web-2,web-3',
    })
    expect(wrong.asked).toHaveLength(2)
    expect(wrong.ended.tasks.map(({ state, code }) => [state, code])).toEqual(
      Array.from({ length: 3 }, () => ['failed', 'sudo-refused']),
    )
    expect(wrong.task?.message).toContain('The sudo password was wrong twice.')
  })

  test('asks once for all of its hosts', async () => {
    const { ended, asked } = await run('id -un', [user.password], {
      target: 'web-1,web-2,web-3,web-4',
    })
    expect(asked.map(({ prompt }) => prompt)).toEqual([
      `sudo password of ${user.name} on web-1 and 3 others`,
    ])
    expect(ended.outcome).toBe('succeeded')
  })

  test('asks nothing where sudo wants no password', async () => {
    allow('NOPASSWD: ALL')
    const { lines, asked } = await run('id -un; echo "$API_TOKEN"', [])
    expect(lines).toEqual(['root', '[secret]'])
    expect(asked).toEqual([])
  })

  test('says what is wrong: no sudo, sudo that wants a terminal, sudo that does not let the user in', async () => {
    const without = await run('id -un', [], { env: { PATH: programsWithoutSudo() } })
    expect(without.task).toMatchObject({ state: 'failed', code: 'sudo-missing' })
    allow('ALL', `Defaults:${user.name} requiretty\n`)
    const noTerminal = await run('id -un', [user.password])
    expect(noTerminal.task).toMatchObject({ state: 'failed', code: 'sudo-needs-terminal' })
    const terminal = await run('id -un', [user.password], { mode: 'pty' })
    expect(terminal.lines).toEqual(['root'])
    allow('/bin/ls')
    const denied = await run('id -un', [user.password])
    expect(denied.task).toMatchObject({ state: 'failed', code: 'sudo-denied' })
    expect(denied.asked).toHaveLength(1)
  })

  test.each([
    ['bash', ['bash']],
    ['busybox', ['busybox', 'sh']],
    ['mksh', ['mksh']],
  ] as const)('works as well where sh is %s, for user and root', async (program, sh) => {
    const env = { PATH: pathWithSh(program) }
    // The here-document holds it, so that no argv has a word of it.
    const text = `id -un; readlink /proc/$$/exe; cat <<'EOF'\n<a 'b' "c" \\d $e>\nEOF\necho "<$API_TOKEN>"; (exit 7)`
    for (const mode of ['durable', 'plain', 'pty'] as const) {
      const { task, lines, asked } = await run(text, [user.password], { mode, env, sh })
      const [id, exe, ...rest] = lines
      expect([mode, task?.exitCode, asked.length]).toEqual([mode, 7, 1])
      expect([id, basename(exe ?? '')]).toEqual(['root', program])
      expect(rest).toEqual([`<a 'b' "c" \\d $e>`, '<[secret]>'])
    }
    const wrong = await run('id -un', ['no', user.password], { mode: 'durable', env, sh })
    expect([wrong.lines, wrong.asked.length]).toEqual([['root'], 2])
    const kept = testKeptSecrets(store.records)
    await using runs = startRunService(hosts(env, sh), store, { kept })
    const { id } = await runs.start(command('sleep 1079', { sudo: true, mode: 'durable' }))
    const answering = answerAll(runs, id, [user.password])
    const isThere = () => allProcesses().some((one) => one.command === 'sleep 1079')
    await until('it runs', isThere)
    await runs.stop(id)
    await answering
    expect((await runs.get(id)).outcome).toBe('stopped')
    await until('nothing of it is left', () => !isThere())
    // Not one was left to a KILL: mksh itself would have been, as it waits for what root runs.
    const notes = (await store.log.read(id, 0, 1e9)).flatMap((group) => textsOf(group))
    expect(notes.filter((note) => note.startsWith('stopped: '))).toEqual([
      expect.stringMatching(/^stopped: \d+ processe?s? gone$/),
    ])
  })

  test.each(['durable', 'plain', 'pty'] as const)(
    'is ended by a stop, with proof (%s)',
    async (mode) => {
      allow('NOPASSWD: ALL')
      await using runs = startRunService(hosts(), store, { kept: testKeptSecrets(store.records) })
      // Nobody else sleeps this long on this machine.
      const long = `sleep ${1_000_000 + process.pid}`
      const { id } = await runs.start(command(`${long} & ${long}; :`, { sudo: true, mode }))
      const sleepers = () => allProcesses().filter((one) => one.command === long)
      await until('it runs', () => sleepers().length === 2)
      await runs.stop(id)
      const ended = await until('it has ended', async () => {
        const now = await runs.get(id)
        return now.state === 'ended' && now
      })
      expect(ended.outcome).toBe('stopped')
      await until('nothing of it is left', () => sleepers().length === 0)
      const notes = (await store.log.read(id, 0, 1e9)).flatMap((group) => textsOf(group))
      expect(notes.filter((note) => note.startsWith('stopped: '))).toEqual([
        expect.stringMatching(/^stopped: \d+ processe?s? gone/),
      ])
    },
  )
})
