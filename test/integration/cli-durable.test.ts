/** Durable runs in the terminal: cuts, hosts that are away, and runs that outlive the command. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { spoolFiles } from '../support/durable-runs.ts'
import { makeDataDirectory, runCli, startCli } from '../support/farglass.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { type Sshd, startSshd } from '../support/sshd.ts'
import { until } from '../support/until.ts'

let sshd: Sshd
let data = ''

beforeAll(async () => {
  sshd = await startSshd()
  data = await makeDataDirectory()
})

afterAll(async () => {
  await sshd[Symbol.asyncDispose]()
  await removeFolder(data)
})

const seq = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => `${from + i}\n`).join('')
const here = () => ['--data', data, '--ssh-config', sshd.sshConfigFile]
const run = (words: readonly string[], command: string) => [
  'run',
  ...here(),
  ...words,
  '--',
  command,
]

/** Prints 1 to 500, then waits for the gate and prints 501 to 1000. */
function gated(name: string, more = '') {
  const gate = join(data, name)
  const starts = join(data, `${name}-starts`)
  return {
    command: `echo x >>${starts}; seq 1 500; until test -e ${gate}; do sleep 0.1; done; seq 501 1000; ${more}`,
    open: () => writeFile(gate, ''),
    starts: () => readFile(starts, 'utf8'),
  }
}

describe('a connection that breaks', () => {
  test('is told on stderr, and the output is there once and whole, with the exit status', async () => {
    const { command, open } = gated('cut', 'exit 4')
    const cli = startCli(run(['web-1'], command))
    await until('half of it is there', () => cli.stdout() === seq(1, 500))
    await sshd.killSessions()
    await until('it is back', () => cli.stderr().includes('reconnected after'))
    await open()
    const result = await cli.done
    expect(result.stdout.toString()).toBe(seq(1, 1_000))
    expect(result.status).toBe(4)
    expect(result.stderr).toMatch(
      /^farglass: web-1: disconnected: .* The command goes on on the host/m,
    )
    expect(result.stderr).toMatch(/^farglass: web-1: reconnected after .*, resumed at byte 1892$/m)
  })

  test('to a host that lets nobody in any more says so once, and goes on when that is put right', async () => {
    const sshdConfig = ['KbdInteractiveAuthentication no', 'PasswordAuthentication no']
    await using strict = await startSshd({ sshdConfig })
    const { command, open } = gated('refused')
    const there = ['--data', data, '--ssh-config', strict.sshConfigFile]
    const cli = startCli(['run', ...there, 'web-1', '--', command])
    await until('half of it is there', () => cli.stdout() === seq(1, 500))
    const keys = await readFile(strict.authorizedKeysFile)
    await writeFile(strict.authorizedKeysFile, '')
    await strict.killSessions()
    await until('it is told', () => cli.stderr().includes('web-1: lets nobody in: '))
    await writeFile(strict.authorizedKeysFile, keys)
    await open()
    const result = await cli.done
    expect(result.stdout.toString()).toBe(seq(1, 1_000))
    expect(result.stderr.match(/lets nobody in/g)).toHaveLength(1)
    expect(result.status).toBe(0)
  })
})

describe('without a server', () => {
  test('--detach leaves the run on its host once it was started; attach reads on to its end', async () => {
    const { command, open, starts } = gated('detached', 'exit 5')
    const left = await runCli(run(['--detach', 'web-1'], command))
    expect(left.stderr).toBe('')
    expect(left.status).toBe(0)
    const id = left.stdout.toString().trim()
    expect(id).toMatch(/^r[a-z0-9]{25}$/)
    const listed = await runCli(['runs', '--data', data, '--json', '--limit', '1'])
    expect(JSON.parse(listed.stdout.toString())).toMatchObject({ id, state: 'running' })
    await open()
    const attached = await runCli(['attach', ...here(), id])
    expect(attached.stdout.toString()).toBe(seq(1, 1_000))
    expect(attached.stderr).toContain('web-1: reconnected by a new start of Farglass')
    expect(attached.status).toBe(5)
    expect(await starts()).toBe('x\n')
  })

  test('Ctrl-C in attach leaves the run on its host again, and what came is kept', async () => {
    const { command, open, starts } = gated('attached')
    const left = await runCli(run(['--detach', 'web-1'], command))
    const id = left.stdout.toString().trim()
    const watching = startCli(['attach', ...here(), id])
    await until('it sees the lines', () => watching.stdout() === seq(1, 500))
    watching.kill('SIGINT')
    expect((await watching.done).status).toBe(130)
    await open()
    const again = await runCli(['attach', ...here(), id])
    expect(again.stdout.toString()).toBe(seq(1, 1_000))
    expect(again.status).toBe(0)
    expect(await starts()).toBe('x\n')
  })

  test('stop ends a run that was left on its host, with the proof', async () => {
    const left = await runCli(run(['--detach', 'web-1'], 'echo begun; sleep 1021'))
    const stopped = await runCli(['stop', ...here(), left.stdout.toString().trim()])
    expect(stopped.stdout.toString()).toMatch(/^web-1: stopped: \d+ process(es)? gone/m)
    expect(stopped.status).toBe(0)
    const isLeft = () => sshd.processes().some(({ command }) => command.includes('sleep 1021'))
    await until('nothing is left on the host', () => !isLeft())
  })

  test('--detach says what could not be left, and exits 255', async () => {
    const failed = await runCli(run(['--detach', 'root@127.0.0.1:1'], 'true'))
    expect(failed.stderr).toMatch(/^farglass: root@127\.0\.0\.1:1: failed: .*refused/)
    expect(failed.status).toBe(255)
    const plain = await runCli(run(['--detach', '--mode', 'plain', 'web-1'], 'true'))
    expect(plain.stderr).toMatch(/^farglass: --detach with this --mode needs a server/)
    expect(plain.status).toBe(2)
  })

  test('a second Ctrl-C leaves the command to its host, and said before how to find it', async () => {
    const command =
      'trap "echo heard; sleep 2; echo over; exit 9" TERM; echo begun; while :; do sleep 0.1; done'
    const cli = startCli(run(['web-1'], command))
    await until('the command runs', () => cli.stdout().includes('begun'))
    cli.kill('SIGINT')
    await until('it says so', () => cli.stderr().includes('stopping'))
    // Who leaves before that has stopped nothing.
    await until('the command hears of it', () => cli.stdout().includes('heard'))
    cli.kill('SIGINT')
    const left = await cli.done
    expect(left.signal).toBe('SIGINT')
    const [, id = ''] = /"farglass attach (r[a-z0-9]{25})" finds it/.exec(left.stderr) ?? []
    const attached = await runCli(['attach', ...here(), id])
    // The stop was stored, so who reads on asks for it again.
    expect(attached.stdout.toString()).toMatch(/^begun\n(?:heard\n)+over\n$/)
    expect(attached.status).toBe(9)
  })
})

describe('a host that cannot hold a durable run', () => {
  test('runs it plain and says why; --detach cannot leave it there, and doctor says so', async () => {
    await using poor = await startSshd({ sshdConfig: ['SetEnv XDG_STATE_HOME=/dev/null/no'] })
    const there = ['--data', data, '--ssh-config', poor.sshConfigFile]
    const result = await runCli(['run', ...there, 'web-1', '--', 'echo out; exit 6'])
    expect(result.stdout.toString()).toBe('out\n')
    expect(result.stderr).toMatch(/^farglass: web-1: plain: the host cannot hold a durable run, /)
    expect(result.status).toBe(6)
    const left = await runCli(['run', ...there, '--detach', 'web-1', '--', 'sleep 1023'])
    expect(left.stderr).toContain('web-1: it cannot hold a durable run')
    expect(left.status).toBe(255)
    await until('it was stopped', () => poor.processes().length === 0)
    const doctor = await runCli(['doctor', ...there, 'web-1'])
    expect(doctor.stdout.toString()).toMatch(
      /^ok {4}web-1: connected .*not as a durable run\.\n +plain: the host cannot hold/m,
    )
  })
})

test('doctor lists what is kept of runs that nobody here knows, and leaves it there', async () => {
  const own = await runCli(run(['--detach', 'web-1'], 'sleep 1024'))
  const name = `r${'0'.repeat(25)}.0`
  const spool = join(sshd.stateHome, 'farglass', 'runs', name)
  mkdirSync(dirname(spool), { recursive: true })
  writeFileSync(`${spool}.out`, 'x'.repeat(5_000))
  writeFileSync(`${spool}.state`, 'boot x\nended 0\n')
  const { stdout, status } = await runCli(['doctor', ...here(), 'web-1'])
  const text = stdout.toString()
  expect(text).toMatch(/^ok {4}web-1: connected and ran "true" in \d+ ms, as a durable run\.$/m)
  expect(text).toMatch(
    new RegExp(
      `^ok {4}web-1: output of 1 task of no run that is known here: ${name} \\(ended, 12 KiB\\)`,
      'm',
    ),
  )
  expect(text).toContain("rm '.local/state/farglass/runs/NAME.*'")
  expect(status).toBe(0)
  expect(spoolFiles(spool)).toEqual(['out', 'state'])
  await runCli(['stop', ...here(), own.stdout.toString().trim()])
})
