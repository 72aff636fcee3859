/** `farglass run` on a real sshd, by an engine inside the command. */
import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeDataDirectory, runCli, startCli } from '../support/farglass.ts'
import { poll } from '../support/poll.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { type Sshd, startSshd } from '../support/sshd.ts'
import { until } from '../support/until.ts'

let sshd: Sshd
let data = ''

beforeAll(async () => {
  sshd = await startSshd({ aliases: ['web-1', 'web-2'] })
  data = await makeDataDirectory()
})

afterAll(async () => {
  await sshd[Symbol.asyncDispose]()
  await removeFolder(data)
})

function argsOf(words: readonly string[], command: string): string[] {
  return ['run', '--data', data, '--ssh-config', sshd.sshConfigFile, ...words, '--', command]
}

function run(words: readonly string[], command: string) {
  return runCli(argsOf(words, command))
}

/** The wrapper itself needs a moment to end after the command has. */
async function nothingIsLeft(): Promise<void> {
  await poll(() => sshd.processes().map(({ command }) => command)).toEqual([])
}

describe('farglass run', () => {
  test('prints stdout on stdout, stderr on stderr, and nothing of its own', async () => {
    const result = await run(['web-1'], 'echo to-out; echo to-err >&2')
    expect(result.stdout.toString()).toBe('to-out\n')
    expect(result.stderr).toBe('to-err\n')
    expect(result.status).toBe(0)
  })

  test("exits with the command's own status", async () => {
    expect((await run(['web-1'], 'exit 7')).status).toBe(7)
  })

  test('exits 255 with a sentence when the connection fails', async () => {
    const result = await run(['root@127.0.0.1:1'], 'true')
    expect(result.status).toBe(255)
    expect(result.stdout.length).toBe(0)
    expect(result.stderr).toMatch(/^farglass: root@127\.0\.0\.1:1: failed: .*refused/)
  })

  test('puts the host before each line of several, and exits with the worst status', async () => {
    const result = await run(['web-1,web-2,root@127.0.0.1:1'], 'echo hello; exit 3')
    const lines = result.stdout.toString().trimEnd().split('\n').toSorted()
    expect(lines).toEqual(['web-1            │ hello', 'web-2            │ hello'])
    expect(result.stderr).toContain('web-1: exited 3')
    expect(result.stderr).toContain('root@127.0.0.1:1: failed')
    expect(result.status).toBe(255)
  })

  test('takes a target as a set: ranges, patterns of known hosts, and what is taken out', async () => {
    const hosts = async (target: string) => {
      const { stdout } = await run([target], 'echo hello')
      return stdout.toString().trimEnd().split('\n').toSorted()
    }
    expect(await hosts('web-[1-2]')).toEqual(['web-1 │ hello', 'web-2 │ hello'])
    expect(await hosts('web-*,web-1')).toEqual(['web-1 │ hello', 'web-2 │ hello'])
    expect(await hosts('@*!web-2')).toEqual(['hello'])
    const refused = await run(['web-*!web-[1-2]'], 'true')
    expect(refused.stderr).toContain('"web-*" has no hosts but "web-[1-2]", which are taken out')
    expect(refused.status).toBe(2)
  })

  test('prints one JSON object per line with --json, notes included', async () => {
    const result = await run(['web-1', '--json'], 'echo a; printf b')
    const lines = result.stdout
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.map(({ pos, channel, text }) => [pos, channel, text])).toEqual([
      [0, 'note', 'connected to web-1'],
      [1, 'out', 'a'],
      [2, 'out', 'b'],
      [3, 'note', expect.stringMatching(/^exited 0 after /)],
    ])
    expect(lines[2]).toMatchObject({ task: 0, host: 'web-1', end: 'unterminated' })
    expect(Date.parse(lines[1].time)).toBeGreaterThan(0)
    expect(result.stderr).toBe('')
  })

  test('gives 100,000 lines byte-equal and in order', async () => {
    const result = await run(['web-1'], 'seq 1 100000')
    const expected = Array.from({ length: 100_000 }, (_, index) => `${index + 1}\n`).join('')
    expect(digest(result.stdout)).toBe(digest(Buffer.from(expected)))
  })

  test('passes every byte on unchanged into a pipe', async () => {
    const octal = Array.from({ length: 256 }, (_, byte) => `\\${byte.toString(8).padStart(3, '0')}`)
    const result = await run(['web-1'], `printf '${octal.join('')}\\r\\n\\r\\r\\n'`)
    const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
    expect(result.stdout.equals(Buffer.concat([all, Buffer.from('\r\n\r\r\n')]))).toBe(true)
  })

  test('joins stdout and stderr in exact order with --merged', async () => {
    const command = 'for i in 1 2 3; do echo out $i; echo err $i >&2; done'
    const result = await run(['web-1', '--merged'], command)
    expect(result.stdout.toString()).toBe('out 1\nerr 1\nout 2\nerr 2\nout 3\nerr 3\n')
  })

  test('gives the command a terminal of the host with --mode pty', async () => {
    const result = await run(['web-1', '--mode', 'pty'], 'test -t 1 && echo terminal')
    expect(result.stdout.toString().trim()).toBe('terminal')
  })

  test('stops the run on the host when its reader has gone, and says nothing', async () => {
    const cli = startCli(argsOf(['web-1'], 'yes; sleep 1000'))
    await until('lines come', () => cli.stdout().length > 1_000)
    cli.closeOutput()
    const result = await cli.done
    expect(result.stderr).toBe('')
    expect(result.status).toBe(141)
    await nothingIsLeft()
  })

  test('stops the run on the host at the first Ctrl-C, and exits 130', async () => {
    const cli = startCli(argsOf(['web-1'], 'echo started; sleep 1000'))
    await until('the command runs', () => cli.stdout().includes('started'))
    cli.kill('SIGINT')
    const result = await cli.done
    expect(result.status).toBe(130)
    expect(result.stderr).toContain('stopping the run')
    expect(result.stderr).toContain('web-1: stopped: ')
    await nothingIsLeft()
  })

  test('leaves at once at the second Ctrl-C', async () => {
    const command = 'trap "echo heard" TERM; echo started; while :; do sleep 1; done'
    const cli = startCli(argsOf(['web-1'], command))
    await until('the command runs', () => cli.stdout().includes('started'))
    cli.kill('SIGINT')
    await until('its host is asked', () => cli.stdout().includes('heard'))
    cli.kill('SIGINT')
    const result = await cli.done
    expect(result.signal).toBe('SIGINT')
    expect(result.stderr).toContain('stopping the run')
    expect(sshd.processes().length).toBeGreaterThan(0)
    // What does not end at TERM gets KILL from the host itself, also without us.
    await nothingIsLeft()
  })

  test('stops the run after --timeout, and exits 124', async () => {
    const result = await run(['web-1', '--timeout', '500ms'], 'sleep 1000')
    expect(result.status).toBe(124)
    expect(result.stderr).toContain('The time of the whole run, 0.5 s, was over.')
    await nothingIsLeft()
  })

  test('keeps the run: it is listed, and can be read again', async () => {
    await run(['web-1'], 'echo kept-words; echo kept-err >&2')
    const list = await runCli(['runs', '--data', data, '--json', '--limit', '1'])
    const { id, outcome } = JSON.parse(list.stdout.toString())
    expect(outcome).toBe('succeeded')
    const again = await runCli(['attach', '--data', data, id])
    expect(again.stdout.toString()).toBe('kept-words\n')
    expect(again.stderr).toBe('kept-err\n')
    const table = await runCli(['runs', '--data', data])
    expect(table.stdout.toString()).toMatch(
      new RegExp(`${id} +succeeded +2 .*web-1 +echo kept-words`),
    )
  })

  test('lets other commands on the same data directory see the run while it is under way', async () => {
    const gate = join(data, 'gate')
    const command = `echo started; until test -e ${gate}; do sleep 0.1; done; echo over`
    const cli = startCli(argsOf(['web-1'], command))
    await until('the command runs', () => cli.stdout().includes('started'))
    const list = await runCli(['runs', '--data', data, '--json', '--limit', '1'])
    const { id, state } = JSON.parse(list.stdout.toString())
    expect(state).toBe('running')
    const stopped = await runCli(['stop', '--data', data, id])
    expect(stopped.stderr).toContain('is held by another Farglass process')
    expect(stopped.status).toBe(1)
    const watching = startCli(['attach', '--data', data, id])
    await until('it sees the history', () => watching.stdout() === 'started\n')
    await writeFile(gate, '')
    const attached = await watching.done
    expect(attached.stdout.toString()).toBe('started\nover\n')
    expect(attached.status).toBe(0)
    expect((await cli.done).status).toBe(0)
  })

  test('says that a run is not there, and exits 1', async () => {
    const result = await runCli(['attach', '--data', data, `r${'z'.repeat(25)}`])
    expect(result.stderr).toMatch(/^farglass: There is no run rzzz/)
    expect(result.status).toBe(1)
  })

  test('seed-14-ssh-drop: says that the connection of a plain run was lost, and exits 255', async () => {
    const cli = startCli(argsOf(['--mode', 'plain', 'web-1'], 'echo started; sleep 1000'))
    await until('the command runs', () => cli.stdout().includes('started'))
    await sshd.killSessions()
    const result = await cli.done
    expect(result.status).toBe(255)
    expect(result.stderr).toMatch(/web-1: lost: .*connection/i)
  })
})

describe('farglass doctor', () => {
  test('finds everything in order, and connects to a host', async () => {
    const args = ['doctor', '--data', data, '--ssh-config', sshd.sshConfigFile, 'web-1']
    const result = await runCli(args)
    const text = result.stdout.toString()
    expect(text).not.toContain('FAIL')
    for (const name of ['node', 'ssh', 'data directory', 'disk', 'store', 'server', 'web-1']) {
      expect(text).toMatch(new RegExp(`^ok +${name}: `, 'm'))
    }
    expect(result.status).toBe(0)
  })

  test('says as JSON what it has found, one object a line', async () => {
    const result = await runCli(['doctor', '--json', '--data', data, 'nowhere.invalid'])
    const lines = result.stdout.toString().trimEnd().split('\n')
    const found = lines.map((line) => JSON.parse(line) as { name: string; ok: boolean })
    expect(found.slice(0, 2)).toMatchObject([
      { name: 'node', ok: true },
      { name: 'ssh', ok: true },
    ])
    expect(found.at(-1)).toMatchObject({
      name: 'nowhere.invalid',
      ok: false,
      text: expect.stringContaining('does not resolve') as string,
      hint: 'Check the spelling of the host and your DNS.',
    })
    expect(result.status).toBe(1)
  })

  test('says what fails and what to do, and exits 1', async () => {
    const result = await runCli(['doctor', '--data', '/dev/null/farglass', 'root@127.0.0.1:1'])
    const text = result.stdout.toString()
    expect(text).toMatch(/^FAIL {2}data directory: .*\n +\S/m)
    expect(text).toMatch(/^FAIL {2}root@127.0.0.1:1: /m)
    const failed = text.match(/^FAIL .*$/gm)
    expect(failed?.length).toBeGreaterThan(2)
    expect(text.match(/^FAIL .*\n {8}\S.*$/gm)?.length).toBe(failed?.length)
    expect(result.status).toBe(1)
  })
})

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
