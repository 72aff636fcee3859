/** Defects of the article's program, seen from the command line and the API of a real server. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { WireLine } from '../../src/shared/protocol/events.ts'
import { type Farglass, runCli, startCli, startFarglass } from '../support/farglass.ts'
import { makeGate } from '../support/gate.ts'
import { type Sshd, startSshd } from '../support/sshd.ts'
import { until } from '../support/until.ts'

let sshd: Sshd
let server: Farglass

beforeAll(async () => {
  sshd = await startSshd()
  server = await startFarglass({ sshConfigFile: sshd.sshConfigFile })
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await sshd[Symbol.asyncDispose]()
})

/** The lines of a command as a program gets them. */
async function linesOf(command: string): Promise<readonly WireLine[]> {
  const args = ['run', '--data', server.dataDirectory, '--json', 'web-1', '--', command]
  const result = await runCli(args)
  const lines = result.stdout.toString().trimEnd().split('\n')
  return lines.map((line): WireLine => JSON.parse(line))
}

async function textsOf(command: string): Promise<string[]> {
  return (await linesOf(command)).filter(isOutput).map(({ text }) => text)
}

function isOutput({ channel }: WireLine): boolean {
  return channel !== 'note'
}

describe('the output of a command', () => {
  test('seed-04-last-line: a last line without newline is shown, and marked', async () => {
    const lines = (await linesOf("printf 'a\\nb'")).filter(isOutput)
    expect(lines.map(({ text, end }) => [text, end])).toEqual([
      ['a', undefined],
      ['b', 'unterminated'],
    ])
  })

  test('seed-05-invalid-utf8: a byte that is no text does not end the run', async () => {
    const texts = await textsOf(
      "printf 'ok1\\nbad\\377byte\\nhalf\\303\\nok2\\n'; printf '\\360\\237\\n'",
    )
    expect(texts).toEqual(['ok1', 'bad\uFFFDbyte', 'half\uFFFD', 'ok2', '\uFFFD'])
  })

  test('seed-06-partial-line: a prompt is told before its line is whole, and takes no position', async () => {
    await using gate = await makeGate()
    const command = `printf 'Password: '; ${gate.wait}; echo given`
    const source = { kind: 'command', command } as const
    const { id } = await server.api.start({ target: 'web-1', source })
    const seen: string[] = []
    for await (const event of server.api.follow(id, 0, new AbortController().signal)) {
      if (event.kind === 'partial') {
        seen.push(`partial ${event.text}`)
        await gate.open()
      }
      if (event.kind !== 'lines') continue
      const output = event.groups.filter(({ channel }) => channel === 'out')
      seen.push(...output.flatMap(({ lines }) => lines.map((line) => `line ${line}`)))
    }
    expect(seen).toEqual(['partial Password: ', 'line Password: given'])
  })

  test('seed-07-crlf-and-cr: CRLF cut anywhere makes one line, progress steps make none', async () => {
    const command = "printf 'a\\r'; sleep 0.3; printf '\\nb\\r\\n'; printf '10%%\\r20%%\\r30%%\\n'"
    expect(await textsOf(command)).toEqual(['a', 'b', '10%\r20%\r30%'])
  })

  test('seed-08-channel-and-time: every line says its channel, its time and its place', async () => {
    const before = Date.now()
    const lines = await linesOf('echo out; echo err >&2')
    expect(lines.map(({ pos }) => pos)).toEqual([0, 1, 2, 3])
    const channels = lines.map(({ channel }) => channel)
    expect(channels.toSorted()).toEqual(['err', 'note', 'note', 'out'])
    for (const { time } of lines) {
      expect(Date.parse(time)).toBeGreaterThanOrEqual(before - 1_000)
      expect(Date.parse(time)).toBeLessThanOrEqual(Date.now() + 1_000)
    }
  })

  test('seed-13-no-end: exit 3, a normal end and silence can be told apart', async () => {
    const notes = async (command: string) =>
      (await linesOf(command)).filter((line) => !isOutput(line)).map(({ text }) => text)
    expect((await notes('exit 3')).at(-1)).toMatch(/^exited 3 after /)
    expect((await notes('true')).at(-1)).toMatch(/^exited 0 after /)
    expect((await notes("sh -c 'kill -9 $$'")).at(-1)).toMatch(/^exited 137 \(KILL\) after /)
  })

  test('seed-14-ssh-drop: a broken connection ends a plain run as lost, with the reason, for every viewer', async () => {
    const source = { kind: 'command', command: 'echo one; echo two; sleep 613' } as const
    const { id } = await server.api.start({ target: 'web-1', source, mode: 'plain' })
    const watching = startCli(['attach', '--data', server.dataDirectory, id])
    await until('both lines are shown', () => watching.stdout() === 'one\ntwo\n')
    await sshd.killSessions()
    const seen = await watching.done
    expect(seen.status).toBe(255)
    expect(seen.stderr).toMatch(/web-1: lost: /)
    const run = await server.api.get(id)
    expect(run).toMatchObject({ state: 'ended', outcome: 'lost', lines: 2 })
    expect(run.tasks[0]).toMatchObject({ state: 'lost', code: 'connection-lost' })
  })
})

describe('the README', () => {
  const root = new URL('../../', import.meta.url)
  const read = (name: string) => readFileSync(fileURLToPath(new URL(name, root)), 'utf8')

  test.each(['README.md', 'README.zh-CN.md'])(
    'seed-32-readme-start: every command of %s exists',
    async (name) => {
      const { scripts } = JSON.parse(read('package.json'))
      const text = read(name)
      const named = [...text.matchAll(/npm (?:run ([a-z][a-z:-]*)|(start|test))\b/g)]
      expect(named.length).toBeGreaterThan(1)
      for (const [, script, short] of named) {
        expect(Object.keys(scripts)).toContain(script ?? short)
      }
      const commands = [
        ...text.matchAll(/(?:dist\/app\/main\.js|farglass) (serve|run|attach|runs|stop|doctor)\b/g),
      ]
      expect(commands.length).toBeGreaterThan(0)
      for (const command of new Set(commands.map(([, found]) => found ?? ''))) {
        expect((await runCli([command, '--help'])).status).toBe(0)
      }
    },
  )
})
