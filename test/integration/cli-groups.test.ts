/** `--group` on a real sshd: output that is alike once, by an engine inside the command and by a server. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { limits } from '../../src/shared/limits.ts'
import { type Farglass, makeDataDirectory, runCli, startFarglass } from '../support/farglass.ts'
import { type Sshd, startSshd } from '../support/sshd.ts'

const aliases = ['web-1', 'web-2', 'web-3', 'web-4', 'db-01', 'db-02']
const all = aliases.join(',')
let sshd: Sshd
let data = ''
let shared = ''

beforeAll(async () => {
  sshd = await startSshd({ aliases })
  data = await makeDataDirectory()
  shared = await mkdtemp(join(tmpdir(), 'fg-groups-'))
})

afterAll(async () => {
  await sshd[Symbol.asyncDispose]()
  for (const path of [data, shared]) await rm(path, { recursive: true, force: true })
})

function run(target: string, command: string, words: readonly string[] = []) {
  const place = ['--data', data, '--ssh-config', sshd.sshConfigFile]
  return runCli(['run', ...place, target, '--group', ...words, '--', command])
}

/** A command of which the first host to come does something else than the others. */
function firstHost(name: string, odd: string, other: string): string {
  return `if mkdir ${join(shared, name)} 2>/dev/null; then ${odd}; else ${other}; fi`
}

const rule = '-'.repeat(15)
const titled = (title: string, text: string) => `${rule}\n${title}\n${rule}\n${text}`

describe('farglass run --group', () => {
  test('prints what all hosts have printed once, under their folded names', async () => {
    const result = await run(all, 'echo one; printf "\\033[1mtwo\\033[m\\n"; printf three')
    expect(result.stdout.toString()).toBe(
      titled('web-[1-4],db-[01-02] (6)', 'one\n\u001b[1mtwo\u001b[m\nthree\n'),
    )
    expect(result.stderr).toBe('')
    expect(result.status).toBe(0)
  })

  test('prints who differs first, then who failed with its status, then what most have', async () => {
    const command = `${firstHost('failed', 'echo bad >&2; exit 3', firstHost('odd', 'echo odd', 'echo even'))}`
    const result = await run(`${all},root@127.0.0.1:1`, command)
    const parts = result.stdout.toString().split(`${rule}\n`)
    expect(parts.filter((_, at) => at % 2 === 0)).toEqual(['', 'odd\n', '', '', 'even\n'])
    expect(parts.filter((_, at) => at % 2 === 1)).toEqual([
      expect.stringMatching(/^[a-z]+-[0-9]+ \(1\)\n$/),
      expect.stringMatching(/^[a-z]+-[0-9]+ \(1\), exit 3\n$/),
      'root@127.0.0.1:1 (1), failed, no output\n',
      expect.stringMatching(/ \(4\)\n$/),
    ])
    expect(result.stderr).toMatch(/^bad$/m)
    expect(result.stderr).toMatch(/root@127\.0\.0\.1:1: failed: .*refused/)
    expect(result.status).toBe(255)
  })

  test('prints only what differs from the output of most with --diff', async () => {
    const command = `seq 8; ${firstHost('differs', 'echo "load 14.0" >&2; echo 9', 'echo nine')}`
    const result = await run(all, command, ['--diff'])
    const [, title, diff, , most] = result.stdout.toString().split(`${rule}\n`)
    expect(title).toMatch(/^[a-z]+-\d+ \(1\), compared with [a-z]+-\S+\n$/)
    expect(diff).toBe('@@ -6,4 +6,4 @@\n 6\n 7\n 8\n-nine\n+9\n')
    expect(most).toBe('1\n2\n3\n4\n5\n6\n7\n8\nnine\n')
    expect(result.stderr).toBe('@@ -0,0 +1,1 @@\n+load 14.0\n')
  })

  test('does not count what --mask names, not in --diff either, and says whose lines it shows', async () => {
    const command = `echo "at $(date +%T) by $$"; ${firstHost('masked', 'echo disk 91% full', 'echo disk fine')}`
    const result = await run(all, command, ['--mask', 'times,numbers', '--diff'])
    const [, title, diff, most, lines] = result.stdout.toString().split(`${rule}\n`)
    expect(title).toMatch(/^[a-z]+-\d+ \(1\), compared with /)
    expect(diff).toBe('@@ -1,2 +1,2 @@\n at <time> by <number>\n-disk fine\n+disk <number>% full\n')
    expect(most).toMatch(/ \(5\), lines of (?:web|db)-\d+\n$/)
    expect(lines).toMatch(/^at \d\d:\d\d:\d\d by \d+\ndisk fine\n$/)
  })

  test('gives programs one object for each group with --json, and the lines of what is too long', async () => {
    const count = limits.groupedLinesMax + 1
    const command = firstHost(
      'json',
      `seq ${count}`,
      firstHost('json-odd', 'echo no >&2; exit 3', 'echo $$; printf end'),
    )
    const result = await run(all, command, ['--mask', 'numbers', '--json'])
    const rows = result.stdout
      .toString()
      .trimEnd()
      .split('\n')
      .map((line): Record<string, unknown> => JSON.parse(line))
    const [odd, most, ...lines] = rows
    const end = { state: 'ended', signal: null }
    expect(odd).toMatchObject({ ...end, exitCode: 3, relation: 'differs', out: [], err: ['no'] })
    expect(most).toMatchObject({ ...end, exitCode: 0, relation: 'reference', err: [] })
    expect([odd?.['hosts'], most?.['hosts']]).toEqual([
      [expect.stringMatching(/^(?:web|db)-\d+$/)],
      expect.objectContaining({ length: 4 }),
    ])
    expect(most?.['out']).toEqual([expect.stringMatching(/^\d+$/), 'end'])
    expect(lines.map(({ text }) => text)).toEqual(
      Array.from({ length: count }, (_, at) => String(at + 1)),
    )
    const { host, channel, pos, time } = lines[0] ?? {}
    expect([aliases.includes(String(host)), channel, typeof pos, typeof time]).toEqual([
      true,
      'out',
      'number',
      'string',
    ])
  })

  test('prints every line of hosts with too many of them, with the host before each', async () => {
    const count = limits.groupedLinesMax + 1
    const result = await run('web-1,web-2', firstHost('long', `seq ${count}`, 'echo short'))
    const [, , short, title, lines] = result.stdout.toString().split(`${rule}\n`)
    expect(short).toBe('short\n')
    expect(title).toMatch(/^web-[12] \(1\), too long to group\n$/)
    const numbers = lines
      ?.trimEnd()
      .split('\n')
      .map((text) => text.replace(/^web-[12] │ /, ''))
    expect(numbers).toEqual(Array.from({ length: count }, (_, at) => String(at + 1)))
  })
})

describe('with a server', () => {
  let server: Farglass
  beforeAll(async () => {
    server = await startFarglass({ sshConfigFile: sshd.sshConfigFile })
  })
  afterAll(() => server[Symbol.asyncDispose]())

  test('the same is printed, and of a run that has ended by "attach"', async () => {
    const env = { FARGLASS_SERVER: server.url, FARGLASS_TOKEN: server.token }
    const command = `${firstHost('served', 'echo odd', 'true')}; awk 'BEGIN { while (i++ < 70000) printf "x"; print "" }'`
    const result = await runCli(['run', 'web-1,web-2,web-3', '--group', '--', command], { env })
    const long = `${'x'.repeat(70_000)}\n`
    const parts = result.stdout.toString().split(`${rule}\n`)
    expect(parts.filter((_, at) => at % 2 === 0)).toEqual(['', `odd\n${long}`, long])
    const [run] = await server.api.list()
    const again = await runCli(['attach', run?.id ?? '', '--group'], { env })
    expect(again.stdout.equals(result.stdout)).toBe(true)
    expect(again.status).toBe(0)
    const numbered = await runCli(['run', all, '--detach', '--', 'echo "pid $$"'], { env })
    const words = ['attach', numbered.stdout.toString().trim(), '--group', '--mask=numbers']
    const masked = await runCli(words, { env })
    expect(masked.stdout.toString()).toMatch(
      /^-+\nweb-\[1-4\],db-\[01-02\] \(6\), lines of .+\n-+\npid \d+\n$/,
    )
  })
})
