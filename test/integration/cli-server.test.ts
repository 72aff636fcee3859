/** Commands that talk to a running server: found through the data directory, or by address and token. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, statSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { spoolFiles } from '../support/durable-runs.ts'
import {
  type Farglass,
  makeDataDirectory,
  runCli,
  startCli,
  startFarglass,
} from '../support/farglass.ts'
import { isAlive } from '../support/proc.ts'
import { type Sshd, startSshd } from '../support/sshd.ts'
import { until } from '../support/until.ts'

let sshd: Sshd
let server: Farglass
let here: string[] = []

beforeAll(async () => {
  sshd = await startSshd({ aliases: ['web-1', 'web-2'] })
  server = await startFarglass({ sshConfigFile: sshd.sshConfigFile })
  here = ['--data', server.dataDirectory]
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await sshd[Symbol.asyncDispose]()
})

async function detached(command: string): Promise<string> {
  const result = await runCli(['run', ...here, '--detach', 'web-1', '--', command])
  expect(result.stderr).toBe('')
  return result.stdout.toString().trim()
}

const seq = (count: number) => Array.from({ length: count }, (_, i) => `${i + 1}\n`).join('')

describe('a command with a server on its data directory', () => {
  test('runs by the server, with the same output and status', async () => {
    const command = 'echo to-out; echo to-err >&2; printf last; exit 7'
    const result = await runCli(['run', ...here, 'web-1', '--', command])
    expect(result.stdout.toString()).toBe('to-out\nlast')
    expect(result.stderr).toBe('to-err\n')
    expect(result.status).toBe(7)
    const [run] = await server.api.list({ limit: 1 })
    expect(run).toMatchObject({ target: 'web-1', outcome: 'failed', lines: 3 })
  })

  test('gives 100,000 lines byte-equal and in order through the server', async () => {
    const result = await runCli(['run', ...here, 'web-1', '--', 'seq 1 100000'])
    expect(result.stdout.equals(Buffer.from(seq(100_000)))).toBe(true)
  })

  test('passes every byte on unchanged into a pipe, and long lines whole', async () => {
    const octal = Array.from({ length: 256 }, (_, byte) => `\\${byte.toString(8).padStart(3, '0')}`)
    const long = "head -c 200000 /dev/zero | tr '\\0' x"
    const command = `echo first; printf '${octal.join('')}\\r\\n\\n'; ${long}; echo; ${long}; printf end`
    const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
    const x = 'x'.repeat(200_000)
    const expected = Buffer.concat([
      Buffer.from('first\n'),
      all,
      Buffer.from(`\r\n\n${x}\n${x}end`),
    ])
    const result = await runCli(['run', ...here, 'web-1', '--', command])
    expect(result.stderr).toBe('')
    expect(result.stdout.equals(expected)).toBe(true)
    const json = await runCli(['run', ...here, '--json', 'web-1', '--', `${long}; echo`])
    const [, line] = json.stdout.toString().split('\n')
    expect(JSON.parse(line ?? '').text).toBe(x)
  })

  test('starts a run and leaves it with --detach; attach sees all of it, while it runs and after', async () => {
    const id = await detached('seq 1 5000; sleep 1000')
    const live = startCli(['attach', ...here, id])
    await until('the history is there', () => live.stdout().length === seq(5000).length)
    const stopped = await runCli(['stop', ...here, id])
    expect(stopped.stdout.toString()).toMatch(/^web-1: stopped: \d+ process(es)? gone$/m)
    expect(stopped.status).toBe(0)
    expect((await live.done).stdout.toString()).toBe(seq(5000))
    const late = await runCli(['attach', ...here, id])
    expect(late.stdout.toString()).toBe(seq(5000))
    expect(late.status).toBe(143)
    await until('nothing is left on the host', () => sshd.processes().length === 0)
    const again = await runCli(['stop', ...here, id])
    expect(again.stderr).toContain('has ended already (stopped)')
    expect(again.status).toBe(0)
  })

  test('attach starts where it is told to: --from, --last, and the address of the page', async () => {
    const id = await detached('seq 1 100')
    await until('it has ended', async () => (await server.api.get(id)).state === 'ended')
    const from = await runCli(['attach', ...here, `${server.url}/runs/${id}`, '--from', '91'])
    expect(from.stdout.toString()).toBe('91\n92\n93\n94\n95\n96\n97\n98\n99\n100\n')
    const last = await runCli(['attach', ...here, id, '--last', '3', '--json'])
    const lines = last.stdout
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.map(({ pos, text }) => [pos, text])).toEqual([
      [99, '99'],
      [100, '100'],
      [101, expect.stringMatching(/^exited 0/)],
    ])
  })

  test('Ctrl-C stops a run that this command has started, and only leaves one that it watches', async () => {
    const id = await detached('echo started; sleep 1000')
    const watching = startCli(['attach', ...here, id])
    await until('it sees the run', () => watching.stdout().includes('started'))
    watching.kill('SIGINT')
    expect((await watching.done).status).toBe(130)
    expect((await server.api.get(id)).state).toBe('running')
    const stopped = await runCli(['stop', ...here, '--json', id])
    const proof = expect.stringMatching(/^stopped: \d+ process(es)? gone$/)
    const notes = stopped.stdout.toString().trimEnd().split('\n')
    expect(notes.map((note) => JSON.parse(note))).toContainEqual({
      task: 0,
      host: 'web-1',
      note: proof,
    })

    const running = startCli(['run', ...here, 'web-1', '--', 'echo started; sleep 1000'])
    await until('the command runs', () => running.stdout().includes('started'))
    running.kill('SIGINT')
    expect((await running.done).status).toBe(130)
    const [run] = await server.api.list({ limit: 1 })
    expect(run?.outcome).toBe('stopped')
  })

  test('lists runs by state, text, host, outcome and time, and says when there is none', async () => {
    const id = await detached('sleep 1000')
    const listed = async (...flags: string[]) => {
      const answer = await runCli(['runs', ...here, '--json', ...flags])
      return [...answer.stdout.toString().matchAll(/"id":"(r[a-z0-9]{25})"/g)].map(([, run]) => run)
    }
    expect(await listed('--state', 'running')).toEqual([id])
    expect(await listed('--text', 'SLEEP 10', '--host', 'web-1', '--since', '1h')).toContain(id)
    expect(await listed('--text', 'SLEEP 10', '--host', 'web-2')).toEqual([])
    await runCli(['stop', ...here, id])
    expect(await listed('--outcome', 'stopped', '--limit', '1')).toEqual([id])
    const none = await runCli(['runs', ...here, '--until', '2020-01-01T00:00:00Z'])
    expect(none.stderr).toContain('no run is like that.')
    const wrong = await runCli(['runs', ...here, '--outcome', 'odd'])
    expect(wrong.stderr).toContain('"odd" is not one of succeeded, failed, stopped, lost')
  })

  test('shows when runs were started by the clock of the terminal, names its zone, and takes such a time back', async () => {
    const id = await detached('true')
    const { createdAt } = await server.api.get(id)
    const east = new Date(Date.parse(createdAt) + 9 * 3_600_000)
    const shown = east.toISOString().slice(0, 19).replace('T', ' ')
    const listed = async (TZ: string, ...flags: string[]) => {
      const { stdout } = await runCli(['runs', ...here, ...flags], { env: { TZ } })
      return stdout.toString()
    }
    const [head = '', ...rows] = (await listed('Asia/Tokyo', '--since', shown)).split('\n')
    expect(head).toMatch(/ STARTED \(Asia\/Tokyo\) /)
    expect(rows.find((row) => row.startsWith(id))).toContain(` ${shown} `)
    // What names no zone is UTC, and programs are told in UTC everywhere.
    for (const TZ of ['', 'No/Where']) expect(await listed(TZ)).toContain(' STARTED (UTC) ')
    expect(await listed('Asia/Tokyo', '--json')).toContain(`"createdAt":"${createdAt}"`)
  })

  test('says which schedule has started a run, and finds its runs', async () => {
    const put = (enabled: boolean) =>
      server.api.request('/api/v1/schedules/tick', {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          cron: '* * * * * *',
          enabled,
          start: { target: 'web-1', source: { kind: 'command', command: 'echo tick' } },
        }),
      })
    await put(true)
    const listed = (by: string) => runCli(['runs', ...here, '--started-by', by])
    const table = await until('the schedule has started one', async () => {
      const { stdout } = await listed('schedule:tick')
      return stdout.length > 0 && stdout.toString()
    })
    await put(false)
    expect(table).toMatch(
      /^RUN +STATE .* BY +TARGET +COMMAND\nr[a-z0-9]{25} .* schedule tick +web-1 +echo tick\n/,
    )
    const byPeople = await listed('person')
    expect(byPeople.stdout.toString()).not.toContain('tick')
    const wrong = await listed('cron')
    expect(wrong.stderr).toContain('is none of person, schedule, trigger')
  })

  test('needs address and token when it comes from elsewhere', async () => {
    const elsewhere = await makeDataDirectory()
    const args = ['runs', '--data', elsewhere, '--server', server.url]
    const refused = await runCli(args)
    expect(refused.stderr).toMatch(/^farglass: You are not signed in/)
    expect(refused.status).toBe(1)
    const taken = await runCli(args, { env: { FARGLASS_TOKEN: server.token } })
    expect(taken.status).toBe(0)
    const byVariable = { FARGLASS_TOKEN: server.token, FARGLASS_SERVER: server.url }
    expect((await runCli(['runs', '--data', elsewhere], { env: byVariable })).status).toBe(0)
    await rm(elsewhere, { recursive: true })
  })

  test('says so when the named server is not there', async () => {
    const result = await runCli(['runs', '--server', 'http://127.0.0.1:1'])
    expect(result.stderr).toMatch(/^farglass: Farglass cannot reach http:\/\/127\.0\.0\.1:1\./)
    expect(result.status).toBe(1)
  })

  test('goes on after the server was restarted in the middle, without a line lost or repeated', async () => {
    const id = await detached('seq 1 2000; sleep 1000')
    const watching = startCli(['attach', ...here, id])
    await until('it sees the lines', () => watching.stdout().length === seq(2000).length)
    await server.restart()
    await until('it is back', () => watching.stderr().includes('the server is back'))
    expect((await runCli(['stop', ...here, id])).status).toBe(0)
    const result = await watching.done
    expect(result.stdout.toString()).toBe(seq(2000))
    expect(result.stderr).toContain('no line is lost')
    expect(result.stderr).toContain('the server is back')
  })
})

describe('farglass serve', () => {
  test('prints one line, and no link where a log could keep it', async () => {
    expect(server.stdout()).toBe(
      `Farglass is ready. Open ${server.url}/ (link to sign in: ${server.dataDirectory}/link)\n`,
    )
    expect(server.link()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#t=[A-Za-z0-9_-]{43}$/)
    for (const name of ['link', 'api-token', 'server.json']) {
      expect(statSync(join(server.dataDirectory, name)).mode & 0o777).toBe(0o600)
    }
    expect(statSync(server.dataDirectory).mode & 0o777).toBe(0o700)
  })

  test('keeps a link that works in the file: a used one is replaced', async () => {
    const signIn = async () => {
      const token = server.link().split('#t=')[1]
      const body = JSON.stringify({ token })
      const headers = { 'content-type': 'application/json' }
      const url = `${server.url}/api/v1/sign-in`
      return (await fetch(url, { method: 'POST', headers, body })).status
    }
    expect(await signIn()).toBe(200)
    expect(await signIn()).toBe(200)
  })

  test('prints the link on a terminal', async () => {
    const data = await makeDataDirectory()
    const cli = startCli(['serve', '--port', '0', '--data', data], { tty: true })
    await until('it is ready', () => /Open http:\/\/127\.0\.0\.1:\d+\/#t=\S+/.test(cli.stdout()))
    cli.type('\x03')
    expect((await cli.done).status).toBe(0)
    await rm(data, { recursive: true })
  })

  test('refuses a second server on the same directory, and says where the first one is', async () => {
    const result = await runCli(['serve', '--port', '0', ...here])
    expect(result.stderr).toContain(`already runs on ${server.dataDirectory}, at ${server.url}`)
    expect(result.status).toBe(1)
  })

  test('says that a port is taken', async () => {
    const data = await makeDataDirectory()
    const result = await runCli(['serve', '--port', String(server.port), '--data', data])
    expect(result.stderr).toContain(`Another program already listens on 127.0.0.1:${server.port}`)
    expect(result.status).toBe(1)
    await rm(data, { recursive: true })
  })

  test('ignores the note of a server that is gone, and never sends its token to whoever has the port', async () => {
    const data = await makeDataDirectory()
    const asked: string[] = []
    const stranger = createServer((request, response) => {
      asked.push(String(request.headers.authorization))
      response.end('{}')
    }).listen(0, '127.0.0.1')
    await once(stranger, 'listening')
    const address = stranger.address()
    const port = typeof address === 'object' ? address?.port : 0
    const gone = spawn('true')
    await once(gone, 'exit')
    const own = readFileSync(join(server.dataDirectory, 'server.json'), 'utf8')
    const boot = JSON.parse(own).owner.split('-').at(-1)
    // This very process lives, but did not start at that time: its number was used again.
    for (const owner of [`${gone.pid}-1-${boot}`, `${process.pid}-1-${boot}`]) {
      const note = { url: `http://127.0.0.1:${port}`, pid: 1, owner, started: '' }
      await writeFile(join(data, 'server.json'), JSON.stringify(note))
      await writeFile(join(data, 'api-token'), 'x'.repeat(43))
      const result = await runCli(['runs', '--data', data])
      expect(result.stderr).toContain('there are no runs yet')
    }
    expect(asked).toEqual([])
    stranger.close()
    await rm(data, { recursive: true })
  })

  test('seed-19-server-stop: a stopped server leaves no plain command and no ssh, and says so in the run', async () => {
    const other = await startFarglass({ sshConfigFile: sshd.sshConfigFile })
    try {
      const { id } = await other.api.start({
        target: 'web-1',
        source: { kind: 'command', command: 'echo started; sleep 611' },
        mode: 'plain',
      })
      await until('the command runs', async () => (await other.api.get(id)).lines === 1)
      expect(await other.kill('SIGTERM')).toBe(0)
      await until('nothing is left on the host', () =>
        sshd.processes().every(({ command }) => !command.includes('sleep 611')),
      )
      await other.restart()
      const run = await other.api.get(id)
      expect(run).toMatchObject({ state: 'ended', outcome: 'stopped' })
      const page = await other.api.lines(id, 0, 100)
      const notes = page.lines.filter(({ channel }) => channel === 'note').map(({ text }) => text)
      expect(notes.join('\n')).toContain('stopped: ')
    } finally {
      await other[Symbol.asyncDispose]()
    }
  })

  test.each(['SIGTERM', 'SIGKILL'] as const)(
    'ended by %s, finds its durable runs again at the next start and reads them on to their end, started once',
    async (signal) => {
      await using other = await startFarglass({ sshConfigFile: sshd.sshConfigFile })
      const marks = join(other.dataDirectory, 'marks')
      const go = join(other.dataDirectory, 'go')
      const command = `echo x >>${marks}; seq 1 3000; while [ ! -e ${go} ]; do sleep 0.1; done; seq 3001 6000; exit 3`
      const { id } = await other.api.start({
        target: 'web-1',
        source: { kind: 'command', command },
      })
      await until('the lines are shown', async () => (await other.api.get(id)).lines === 3_000)
      await other.kill(signal)
      await writeFile(go, '')
      await other.restart()
      await until('it ends', async () => (await other.api.get(id)).state === 'ended')
      const result = await runCli(['attach', '--data', other.dataDirectory, id])
      expect(result.stdout.toString()).toBe(seq(6_000))
      expect(result.status).toBe(3)
      expect(await readFile(marks, 'utf8')).toBe('x\n')
      const spool = join(sshd.stateHome, 'farglass/runs', `${id}.0`)
      // Of the run nothing is left but the word that no late start may begin it again.
      await until('the host is clean', () => spoolFiles(spool).join() === 'state')
    },
  )

  test('killed with -9, loses no line that it had shown, and ends its plain runs as lost at the next start', async () => {
    const other = await startFarglass({ sshConfigFile: sshd.sshConfigFile })
    try {
      const command = 'seq 1 3000; sleep 612'
      const source = { kind: 'command', command } as const
      const { id } = await other.api.start({ target: 'web-1', source, mode: 'plain' })
      await until('the lines are shown', async () => (await other.api.get(id)).lines === 3_000)
      const pid = other.pid
      expect(await other.kill('SIGKILL')).toBe('SIGKILL')
      expect(isAlive(pid)).toBe(false)
      await other.restart()
      const run = await other.api.get(id)
      expect(run).toMatchObject({ state: 'ended', outcome: 'lost', lines: 3_000, lost: 0 })
      const args = ['attach', '--data', other.dataDirectory, id]
      const result = await runCli(args)
      expect(result.stdout.toString()).toBe(seq(3_000))
      expect(result.stderr).toContain('web-1: lost: ')
      expect(result.status).toBe(255)
      await until('nothing is left on the host', () =>
        sshd.processes().every(({ command: words }) => !words.includes('sleep 612')),
      )
    } finally {
      await other[Symbol.asyncDispose]()
    }
  })
})
