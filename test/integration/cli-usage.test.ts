/** Every wrong word on the command line gets a sentence that names it, and exit status 2. */
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeDataDirectory, runCli } from '../support/farglass.ts'

const runId = `r${'a'.repeat(25)}`
let data = ''

beforeAll(async () => {
  data = await makeDataDirectory()
  await writeFile(join(data, 'broken.json'), '{"port": ')
  await writeFile(join(data, 'misspelt.json'), '{"prot": 1}')
  await writeFile(join(data, 'wrong.json'), '{"port": "x"}')
})

afterAll(() => rm(data, { recursive: true, force: true }))

const wrong: readonly (readonly [words: string, says: string])[] = [
  ['frobnicate', '"frobnicate" is no command of Farglass.'],
  ['rnu web-1', 'Did you mean "farglass run"?'],
  ['--json', '"--json" stands before any command.'],
  ['tail', 'needs a TARGET:PATH'],
  ['tail web-1', '"web-1" names no path'],
  ['tail web-1:2222', '"web-1:2222" names no path'],
  ['tail web-1:', '"web-1:" names no path'],
  ['tail :/var/log/syslog', '":/var/log/syslog" names no host'],
  ['tail web-1:/a web-2:/b', 'other files than'],
  ['tail web-1:/a web-1:/a', 'is named twice'],
  ['tail web-1:/a --lines many', '--lines: "many"'],
  ['tail web-1:/a -- uptime', 'takes no command'],
  ['tail --journal ssh', 'needs a TARGET'],
  ['tail web-1 --journal a;b', 'holds a character that no such name has'],
  [
    'tail web-1 --container web --journal x',
    'One "farglass tail" follows a journal or a container',
  ],
  ['tail --container web', '"farglass tail --container" needs a TARGET'],
  ['tail web-1 --container a;id', 'The container "a;id" holds a character that no such name has'],
  ['hosts --check', '--check needs a TARGET'],
  ['hosts web-1 web-2', '"web-2" is one word too many'],
  ['search', 'needs a QUERY'],
  ['search a b', '"b" is one word too many'],
  ['search a --run nothing', '"nothing" is not the id of a run'],
  ['search a --since noon', '--since: "noon" is no time'],
  ['search a --limit 0', '--limit: "0" is not a number from 1 up'],
  ['export', 'needs the id of a RUN'],
  [
    'export rabcdefghijklmnopqrstuvwxy --format pdf',
    '--format: "pdf" is not one of raw, text, ndjson',
  ],
  [
    'export rabcdefghijklmnopqrstuvwxy --level error',
    '--level goes with --format text or ndjson only',
  ],
  ['saved lst', 'did you mean "farglass saved list"?'],
  ['saved show', '"farglass saved show" needs a SAVED command'],
  ['saved put', '"farglass saved put" needs a FILE'],
  ['saved list x', '"x" is one word too many'],
  ['run --saved', '--saved needs a value'],
  ['run', 'needs a TARGET'],
  ['run web-1', 'The command for web-1 is missing'],
  ['run web-1 --', 'The command for web-1 is missing'],
  ['run web-1 web-2 -- uptime', '"web-2" is one word too many'],
  ['run -oProxyCommand=id -- uptime', 'no -o'],
  ['run --jsno web-1 -- uptime', 'did you mean --json?'],
  ['run --json=yes web-1 -- uptime', '--json takes no value'],
  ['run web-1 --fanout', '--fanout needs a value: --fanout N'],
  ['run web-1 --fanout --json -- uptime', '--fanout needs a value'],
  ['run web-1 --fanout 0 -- uptime', '--fanout: "0" is not a number from 1 to'],
  ['run web-1 --fanout 1e3 -- uptime', '--fanout: "1e3"'],
  ['run web-1 --batch 120% -- uptime', '--batch: "120%" is not a number of hosts or a share'],
  ['run web-1 --max-failures many -- uptime', '--max-failures: "many" is not a number from 0 to'],
  ['run web-1 --task-timeout soon -- uptime', '--task-timeout: "soon" is not a time'],
  ['run web-1 --order random -- uptime', '--order: "random" is not "given", "sorted" or'],
  ['run web-1 --mode fast -- uptime', '--mode: "fast" is not "durable", "plain" or "pty"'],
  ['run web-1 --timeout soon -- uptime', '--timeout: "soon" is not a time such as 30s'],
  ['run web-1 --timeout 0 -- uptime', '--timeout: "0"'],
  ['run web-1 --group --detach -- uptime', '--group and --detach exclude each other'],
  ['run web-1 --group --diff --json -- uptime', '--diff and --json exclude each other'],
  ['retention show --anew', '--anew goes with "set"'],
  ['run web-1 --mask numbers -- uptime', '--mask counts only with --group'],
  [
    'run web-1 --group --mask times,words -- uptime',
    '--mask: "words" is not one of host, times, numbers',
  ],
  [`attach ${runId} --group --last 3`, '--group and --last exclude each other'],
  ['run web-1 --detach --mode plain -- uptime', '--detach with this --mode needs a server'],
  ['run web-1:99999 -- uptime', 'port "99999" is not a number from 1 to 65535'],
  ['run web-1; -- uptime', '"web-1;" is not a host name'],
  ['run , -- uptime', 'names no host'],
  ['run web-1 --server nonsense -- uptime', '"nonsense" is not the address of a server'],
  ['run web-1 --server http://x --ssh-config f -- uptime', '--ssh-config cannot go with --server'],
  [`run web-1 -- ${'x'.repeat(49_153)}`, 'The command is longer than 49152 bytes'],
  ['run web-1 --ssh-config /nowhere/config -- uptime', '/nowhere/config cannot be read'],
  ['run web-1 --ssh-config DATA -- uptime', 'is a directory. Name a file'],
  ['attach', 'needs the id of a RUN'],
  ['attach web-1', '"web-1" is not the id of a run'],
  [`attach ${runId} --from -1`, '--from needs a value'],
  [`attach ${runId} --from=-1`, '--from: "-1" is not a whole number'],
  [`attach ${runId} --from 1 --last 1`, 'exclude each other'],
  ['stop', 'needs the id of a RUN'],
  ['stop 7', '"7" is not the id of a run'],
  ['runs web-1', '"web-1" is one word too many'],
  ['runs --state done', '--state: "done" is not one of queued, running'],
  ['runs --limit 9999', '--limit: "9999" is not a number'],
  ['doctor web-1 web-2', '"web-2" is one word too many'],
  ['doctor --lines 5', '--lines counts only with --canary HOST'],
  ['doctor --canary web-1 web-2', '"web-2" is too much: --canary names the hosts'],
  ['doctor --canary web-1 --lines 0', '--lines: "0" is not a number from 1 to 100000'],
  ['doctor --canary web-1 --lines 100001', '--lines: "100001" is not a number'],
  ['doctor --canary web/1', '"web/1" is not a host name'],
  ['serve --canary web/1', '--canary: "web/1" is not a target'],
  ['serve --canary web-1 --canary-every 4s', '--canary-every: "4s" is not a time from 5s up'],
  ['serve now', '"now" is one word too many'],
  ['serve --port 65536', '--port: "65536" is not a port'],
  ['serve --port x', '--port: "x" is not a port'],
  ['serve --auth users', '--auth: "users" is not in this version'],
  ['serve --auth open', '--auth: "open" is not "token" or "none"'],
  ['serve --auth none --host 0.0.0.0', '--auth none is refused on 0.0.0.0'],
  ['serve --host 0.0.0.0', 'would send logins and output in clear'],
  ['serve --sync never', '--sync: "never" is not "full" or "interval"'],
  ['serve --ssh-config /nowhere/config', '--ssh-config: it cannot be read'],
  ['serve --ssh-config DATA', '--ssh-config: it cannot be read'],
  ['serve --redis http://x', '--redis: the value is not an address as redis://HOST:PORT'],
  ['serve --config /nowhere.json', 'The configuration file cannot be read'],
  ['serve --config DATA/broken.json', 'is not a JSON object'],
  ['serve --config DATA/misspelt.json', 'did you mean "port"?'],
  ['serve --config DATA/wrong.json', '"x" is not a port'],
]

describe('a wrong command line', () => {
  const shown = wrong.map(([words, says]) => [words.slice(0, 60), says, words] as const)

  test.each(shown)('"farglass %s" says: %s', async (_, says, words) => {
    const args = words.split(' ').map((word) => word.replace('DATA', data))
    const result = await runCli(args, { env: { FARGLASS_DATA: data } })
    expect(result.stderr).toContain(says)
    expect(result.stderr).toMatch(/^farglass: .+\.\n$/)
    expect(result.stdout.length).toBe(0)
    expect(result.status).toBe(2)
  })

  test('names the variable when that is wrong', async () => {
    const env = { FARGLASS_PORT: 'many', FARGLASS_DATA: data }
    const result = await runCli(['serve'], { env })
    expect(result.stderr).toContain('FARGLASS_PORT: "many" is not a port')
    expect(result.status).toBe(2)
  })

  test('without any word is answered with the help', async () => {
    const result = await runCli([])
    expect(result.stderr).toContain('Usage: farglass COMMAND')
    expect(result.status).toBe(2)
  })
})

describe('a data directory that cannot be used', () => {
  test.each([
    ['a file', '/etc/passwd', '/etc/passwd is not a directory'],
    ['below a file', '/dev/null/farglass', '/dev/null is not a directory'],
    ['where none can be made', '/proc/farglass', /ENOENT|EACCES/],
  ])('is named with the reason: %s', async (_, directory, why) => {
    for (const words of [
      ['run', 'web-1', '--data', directory, '--', 'true'],
      ['serve', '--data', directory],
    ]) {
      const result = await runCli(words)
      expect(result.stderr).toContain(`farglass: The data directory ${directory} cannot be used: `)
      expect(result.stderr).toMatch(why)
      expect(result.status).toBe(1)
    }
  })
})

describe('help', () => {
  test.each(['serve', 'run', 'attach', 'runs', 'stop', 'doctor'])(
    'of %s shows its flags and an example',
    async (name) => {
      const result = await runCli([name, '--help'])
      const text = result.stdout.toString()
      expect(text).toContain(`Usage: farglass ${name}`)
      expect(text).toContain('Examples:')
      expect(text).toContain('--data DIR')
      expect(result.status).toBe(0)
    },
  )

  test('of run says that the command gets no input', async () => {
    const text = (await runCli(['run', '--help'])).stdout.toString()
    expect(text).toContain('Nothing that you type reaches the command')
  })

  test('of Farglass names every command, and --version the version', async () => {
    const help = (await runCli(['--help'])).stdout.toString()
    for (const name of ['serve', 'run', 'attach', 'runs', 'stop', 'doctor']) {
      expect(help).toMatch(new RegExp(`^  ${name} `, 'm'))
    }
    expect((await runCli(['--version'])).stdout.toString()).toMatch(/^farglass \d+\.\d+\.\d+\n$/)
  })
})
