/** `farglass tail` on a real sshd: by an engine inside the command, and by a server. */
import { appendFileSync, mkdtempSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { makeDataDirectory, type RunningCli, startCli, startFarglass } from '../support/farglass.ts'
import { removeFolder, removeFolderSync } from '../support/remove-folder.ts'
import { type Sshd, startSshd } from '../support/sshd.ts'
import { until } from '../support/until.ts'

let sshd: Sshd
let data = ''
let directory = ''
let one = ''

beforeAll(async () => {
  sshd = await startSshd({ aliases: ['web-1', 'web-2'] })
  data = await makeDataDirectory()
})

afterAll(async () => {
  await sshd[Symbol.asyncDispose]()
  await removeFolder(data)
})

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fg-cli-tail-'))
  one = join(directory, 'one.log')
  return () => removeFolderSync(directory)
})

const tail = (...words: string[]) =>
  startCli(['tail', '--data', data, '--ssh-config', sshd.sshConfigFile, ...words])

const shows = (cli: RunningCli, text: string) =>
  until(`${JSON.stringify(text)} is printed`, () => cli.stdout().includes(text))

describe('farglass tail', () => {
  test('prints one file as it is, over a rotation and a cut, until Ctrl-C', async () => {
    writeFileSync(one, 'a\nb\n')
    const cli = tail(`web-1:${one}`, '--lines', '1')
    await shows(cli, 'b\n')
    appendFileSync(one, 'c\n')
    renameSync(one, `${one}.1`)
    writeFileSync(one, 'd\n')
    await shows(cli, 'd\n')
    await sshd.killSessions()
    appendFileSync(one, 'e\n')
    await shows(cli, 'e\n')
    cli.kill('SIGINT')
    const result = await cli.done
    expect(result.stdout.toString()).toBe('b\nc\nd\ne\n')
    expect(result.status).toBe(130)
    await until('nothing is left on the host', () => sshd.processes().length === 0)
  })

  test('names host and file before the lines when there are several', async () => {
    writeFileSync(one, 'a\n')
    const cli = tail(`web-1,web-2:${join(directory, '*.log')}`)
    await until('both have printed', () => cli.stdout().split('\n').length === 3)
    const [first = ''] = cli.stdout().split('\n')
    expect(first).toMatch(/^web-[12] .*one\.log │ a$/)
    cli.kill('SIGINT')
    await cli.done
  })

  test('is carried on by a server, and attach reads it from the start', async () => {
    writeFileSync(one, 'a\n')
    await using server = await startFarglass({ sshConfigFile: sshd.sshConfigFile })
    const here = ['--data', server.dataDirectory]
    const detached = startCli(['tail', ...here, '--detach', '--json', `web-1:${one}`])
    const { id } = JSON.parse((await detached.done).stdout.toString())
    await until('it runs', async () => (await server.api.get(id)).tasks[0]?.state === 'running')
    appendFileSync(one, 'b\n')
    const attached = startCli(['attach', ...here, '--json', id])
    await shows(attached, '"text":"b"')
    expect(attached.stdout()).toContain(`"file":${JSON.stringify(one)}`)
    await server.api.stop(id)
    expect((await attached.done).status).toBe(0)
  })
})
