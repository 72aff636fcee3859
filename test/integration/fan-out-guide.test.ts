/** The examples of docs/guide/fan-out.md on real hosts, and the API of running again. */
import { execFile } from 'node:child_process'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Farglass, programWords, runCli, startFarglass } from '../support/farglass.ts'
import { type Sshd, startSshd } from '../support/sshd.ts'
import { until } from '../support/until.ts'

const names = ['web-1', 'web-2', 'web-3']
let sshd: Sshd
let server: Farglass

beforeAll(async () => {
  sshd = await startSshd({ aliases: names, sshdConfig: ['AcceptEnv LC_NAME'] })
  const own = names.map((name) => `Host ${name}\nSetEnv LC_NAME=${name}\n`)
  const config = join(sshd.directory, 'named_config')
  writeFileSync(config, `${own.join('')}Host *\nInclude ${sshd.sshConfigFile}\n`, { mode: 0o600 })
  server = await startFarglass({ sshConfigFile: config })
  // The word of the examples, for the server of this test.
  const words = programWords()
    .map((word) => `'${word}'`)
    .join(' ')
  const file = join(sshd.directory, 'farglass')
  writeFileSync(file, `#!/bin/sh\nFARGLASS_DATA='${server.dataDirectory}' exec ${words} "$@"\n`)
  chmodSync(file, 0o755)
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await sshd[Symbol.asyncDispose]()
})

test('the guide shows what its commands print', async () => {
  const guide = readFileSync(new URL('../../docs/guide/fan-out.md', import.meta.url), 'utf8')
  const examples = [...guide.matchAll(/```console\n([^]*?)```/g)].flatMap(([, text = '']) =>
    text.split(/^\$ /m).slice(1),
  )
  expect(examples.length).toBeGreaterThan(5)
  let mixed = ''
  for (const example of examples) {
    const [command = '', ...shown] = example.trimEnd().split('\n')
    const printed = await shell(command.replace(' RUN ', ` ${mixed} `))
    expect([command, ...timeless(printed)]).toEqual([command, ...timeless(shown)])
    if (command.includes('--max-failures 0') && shown.some((line) => line.includes('failed'))) {
      mixed = (await server.api.list({ limit: 1 }))[0]?.id ?? ''
    }
  }
})

/** Hosts print as they come, and take their time; a shell tells of a signal, or not. */
function timeless(lines: readonly string[]): string[] {
  const told = lines.filter((line) => line !== 'Terminated')
  return told.map((line) => line.replace(/after [\d.]+ s$/, 'after a while')).toSorted()
}

/** What it prints on both outputs, line by line. */
async function shell(command: string): Promise<string[]> {
  const env = { ...process.env, PATH: `${sshd.directory}:${process.env['PATH'] ?? ''}` }
  const run = promisify(execFile)('/bin/sh', ['-c', `{ ${command}; } 2>&1; :`], { env })
  return (await run).stdout.split('\n').filter((line) => line !== '')
}

test('a run is run again on what has failed, once per Idempotency-Key, and names the one before', async () => {
  const { api } = server
  const command = 'echo here; test "$LC_NAME" != web-2'
  const source = { kind: 'command', command } as const
  const { id } = await api.start({ target: 'web-[1-3]', source, fanout: 1, maxFailures: 0 })
  await ended(id)
  const [again, same] = await Promise.all([
    api.rerun(id, { hosts: 'not-succeeded', maxFailures: 1 }, 'key-of-the-rerun'),
    api.rerun(id, { hosts: 'not-succeeded', maxFailures: 1 }, 'key-of-the-rerun'),
  ])
  expect(same.id).toBe(again.id)
  expect(again).toMatchObject({
    rerunOf: id,
    source: { command },
    plan: { fanout: 1, maxFailures: 1 },
  })
  expect(again.tasks.map(({ host }) => host)).toEqual(['web-2', 'web-3'])
  const over = await ended(again.id)
  expect(over.tasks.map(({ exitCode }) => exitCode)).toEqual([1, 0])
  const twice = api.rerun(id, { hosts: 'failed' }, 'key-of-the-rerun')
  await expect(twice).rejects.toMatchObject({ code: 'idempotency-conflict' })
  const all = await ended(
    (await api.rerun(id, { source: { kind: 'command', command: 'true' } })).id,
  )
  expect(all).toMatchObject({ target: 'web-[1-3]', outcome: 'succeeded' })
  const none = api.rerun(all.id, { hosts: 'failed' })
  await expect(none).rejects.toMatchObject({
    code: 'conflict',
    message: /No host of run .* has failed/,
  })
})

test('the server keeps the time of a run that was left; without a server it cannot be left', async () => {
  const data = ['--data', server.dataDirectory]
  const left = await runCli([
    'run',
    ...data,
    '--detach',
    'web-1',
    '--timeout',
    '2s',
    '--',
    'sleep 1021',
  ])
  const { outcome, tasks } = await ended(left.stdout.toString().trim())
  expect([outcome, tasks[0]?.code]).toEqual(['failed', 'timed-out'])
  const config = ['--ssh-config', sshd.sshConfigFile]
  const alone = ['run', ...config, '--detach', '--task-timeout', '2s', 'web-1', '--', 'true']
  const refused = await runCli(alone, { env: { FARGLASS_DATA: join(sshd.directory, 'own') } })
  expect([refused.status, refused.stderr]).toEqual([
    2,
    expect.stringContaining('needs a server that watches it'),
  ])
})

function ended(id: string) {
  return until('the run ends', async () => {
    const run = await server.api.get(id)
    return run.state === 'ended' && run
  })
}
