/** The command line on a terminal: what is shown, and what is asked. */
import { execFileSync } from 'node:child_process'
import { createWriteStream, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeDataDirectory, runCli, startCli, startFarglass } from '../support/farglass.ts'
import { makeGate } from '../support/gate.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { type Sshd, startSshd } from '../support/sshd.ts'
import { canMakeUsers } from '../support/throwaway-user.ts'
import { until } from '../support/until.ts'

let data = ''
let sshd: Sshd

beforeAll(async () => {
  data = await makeDataDirectory()
  sshd = await startSshd({ aliases: ['web-1', 'held'] })
})

afterAll(async () => {
  await sshd[Symbol.asyncDispose]()
  await removeFolder(data)
})

/** What the line of the progress begins with, over the one before. */
const lineStart = '\r\x1b[K'

/** Where the run is not known. */
async function otherData() {
  const path = await makeDataDirectory()
  return { path, [Symbol.asyncDispose]: () => removeFolder(path) }
}

function argsOf(config: string, words: readonly string[], command: string): string[] {
  return ['run', '--data', data, '--ssh-config', config, ...words, '--', command]
}

describe('on a terminal', () => {
  const hostile: readonly (readonly [what: string, sent: string, shown: string])[] = [
    ['keeps colours and ends them with the line', '\\033[31mred', '\x1b[31mred\x1b[0m'],
    ['drops what would set the title', 'a\\033]0;owned\\007b', 'ab'],
    ['drops what would write the clipboard', 'a\\033]52;c;b3duZWQ=\\007b', 'ab'],
    ['drops what would move the cursor or clear the screen', 'a\\033[2J\\033[1;1Hb', 'ab'],
    ['drops what would ask the terminal for an answer', 'a\\033[c\\033[6nb', 'ab'],
    ['shows a backspace and a bell as signs', 'a\\010\\007b', 'a␈␇b'],
    ['shows a direction override by its number', 'a\\342\\200\\256b', 'aU+202Eb'],
    ['shows the last state of a progress bar', '10%%\\r50%%\\r100%%', '100%'],
    ['keeps tabs and other scripts', 'a\\t\\344\\275\\240', 'a\t你'],
  ]
  test.each(hostile)('%s', async (_, sent, shown) => {
    const command = `printf 'begin:${sent}:end\\n'`
    const args = argsOf(sshd.sshConfigFile, ['web-1'], command)
    const { stdout } = await runCli(args, { tty: true })
    const line =
      stdout
        .toString()
        .split('\r\n')
        .find((each) => each.includes(':end')) ?? ''
    const bare = shown.startsWith('100') ? '100%:end' : `begin:${shown.replace('\x1b[0m', '')}:end`
    expect(line).toBe(sent.includes('033[31m') ? `${bare}\x1b[0m` : bare)
  })

  test('sends the bytes as they are with --raw', async () => {
    const command = "printf 'a\\033]0;title\\007b\\n'"
    const args = argsOf(sshd.sshConfigFile, ['--raw', 'web-1'], command)
    const { stdout } = await runCli(args, { tty: true })
    expect(stdout.toString()).toContain('a\x1b]0;title\x07b')
  })

  test('seed-06-partial-line: shows a prompt before its line is whole, and replaces it then', async () => {
    await using gate = await makeGate()
    const command = `printf 'Password: '; ${gate.wait}; echo given; sleep 0.1`
    const args = argsOf(sshd.sshConfigFile, ['web-1'], command)
    const cli = startCli(args, { tty: true })
    await until('the prompt is shown', () => cli.stdout().endsWith('Password: '))
    await gate.open()
    const { stdout } = await cli.done
    expect(stdout.toString()).toContain('Password: \r\x1b[KPassword: given\r\n')
  })

  test('tells how many hosts are done while grouped output waits for the others, and takes that away', async () => {
    await using gate = await makeGate()
    const args = argsOf(sshd.sshConfigFile, ['--group', 'web-1'], `${gate.wait}; echo given`)
    const cli = startCli(args, { tty: true })
    await until('it is told', () => cli.stdout().endsWith('\r\x1b[K1 under way'), 20_000)
    await gate.open()
    const { stdout } = await cli.done
    const rule = '-'.repeat(15)
    const text = stdout.toString().split('\r\x1b[K').at(-1)
    expect(text).toBe(`${rule}\r\nweb-1 (1)\r\n${rule}\r\ngiven\r\n`)
  })

  test('tells on how many hosts a run was started until it is left, then only its id', async () => {
    await using gate = await makeGate()
    const config = join(sshd.directory, 'held_config')
    const way = `ProxyCommand sh -c '${gate.wait}; exec ssh -F ${sshd.sshConfigFile} -W %h:%p web-1'`
    const blocks = `Host held\n${way}\nHost *\nInclude ${sshd.sshConfigFile}\n`
    writeFileSync(config, blocks, { mode: 0o600 })
    const cli = startCli(argsOf(config, ['--detach', 'web-1,held'], 'true'), { tty: true })
    const told = `${lineStart}started on 1 of 2 hosts`
    await until('it is told', () => cli.stdout().endsWith(told))
    await gate.open()
    const { stdout, status } = await cli.done
    expect(stdout.toString().split(lineStart).at(-1)).toMatch(/^r[a-z0-9]{25}\r\n$/)
    expect(status).toBe(0)
  })

  test('tells how much of a file was imported, and takes that away for what came of it', async () => {
    await runCli(argsOf(sshd.sshConfigFile, ['web-1'], 'seq 1 60000'))
    const listed = await runCli(['runs', '--data', data, '--text', 'seq 1 60000'])
    const [id = ''] = /r[a-z0-9]{25}/.exec(listed.stdout.toString()) ?? []
    const exported = await runCli(['export', '--data', data, id, '--format', 'run'])
    const pipe = join(sshd.directory, 'run.pipe')
    execFileSync('mkfifo', [pipe])
    await using folder = await otherData()
    const cli = startCli(['import', '--data', folder.path, pipe], { tty: true })
    const writer = createWriteStream(pipe)
    const begun = 140_000
    writer.write(exported.stdout.subarray(0, begun))
    const told = `${lineStart}importing: 0.1 MB`
    await until('it is told', () => cli.stdout().endsWith(told))
    writer.end(exported.stdout.subarray(begun))
    const { stdout, status } = await cli.done
    const said = `farglass: run ${id} is back, with 60,000 lines, and pinned.\r\n`
    expect(stdout.toString().split(lineStart).at(-1)).toBe(said)
    expect(status).toBe(0)
  })

  test('Ctrl-C stops the run on the host', async () => {
    const args = argsOf(sshd.sshConfigFile, ['web-1'], 'echo started; sleep 1000')
    const cli = startCli(args, { tty: true })
    await until('the command runs', () => cli.stdout().includes('started'))
    cli.type('\x03')
    const result = await cli.done
    expect(result.stdout.toString()).toContain('stopped: ')
    expect(result.status).toBe(130)
    await until('nothing is left on the host', () => sshd.processes().length === 0)
  })
})

describe('a host key that is not known', () => {
  test('is shown with its fingerprint and asked for; yes is remembered', async () => {
    await using stranger = await startSshd({ known: false })
    const args = argsOf(stranger.sshConfigFile, ['web-1'], 'echo welcome')
    const cli = startCli(args, { tty: true })
    await until('it asks', () => cli.stdout().includes('Trust this key?'))
    expect(cli.stdout()).toContain(await stranger.fingerprint())
    cli.type('yes\r')
    const result = await cli.done
    expect(result.stdout.toString()).toContain('welcome')
    expect(result.status).toBe(0)
    const again = await runCli(args)
    expect(again.stdout.toString()).toBe('welcome\n')
    expect(again.status).toBe(0)
  })

  test('is asked for here also when a server does the work', async () => {
    await using stranger = await startSshd({ known: false })
    await using server = await startFarglass({ sshConfigFile: stranger.sshConfigFile })
    const args = ['run', '--data', server.dataDirectory, 'web-1', '--', 'echo welcome']
    const cli = startCli(args, { tty: true })
    await until('it asks', () => cli.stdout().includes('Trust this key?'))
    cli.type(`${await stranger.fingerprint()}\r`)
    const result = await cli.done
    expect(result.stdout.toString()).toContain('welcome')
    expect(result.status).toBe(0)
  })

  test('is refused by any other answer, and nothing is sent', async () => {
    await using stranger = await startSshd({ known: false })
    const args = argsOf(stranger.sshConfigFile, ['web-1'], 'echo welcome')
    const cli = startCli(args, { tty: true })
    await until('it asks', () => cli.stdout().includes('Trust this key?'))
    cli.type('no\r')
    const result = await cli.done
    expect(result.stdout.toString()).not.toContain('welcome')
    expect(result.status).toBe(255)
    expect(await stranger.log()).not.toContain('userauth-request')
  })

  test('can be left with Ctrl-C while it is asked for', async () => {
    await using stranger = await startSshd({ known: false })
    const args = argsOf(stranger.sshConfigFile, ['web-1'], 'echo welcome')
    const cli = startCli(args, { tty: true })
    await until('it asks', () => cli.stdout().includes('Trust this key?'))
    cli.type('\x03')
    const result = await cli.done
    expect(result.stdout.toString()).not.toContain('welcome')
    expect(result.status).toBe(130)
  })

  test('is refused without a terminal, with a sentence that holds the fingerprint', async () => {
    await using stranger = await startSshd({ known: false })
    const fingerprint = await stranger.fingerprint()
    const args = argsOf(stranger.sshConfigFile, ['web-1'], 'echo welcome')
    const refused = await runCli(args)
    expect(refused.stderr).toContain(`--accept-host-key ${fingerprint}`)
    expect(refused.status).toBe(255)
    const accepted = argsOf(
      stranger.sshConfigFile,
      ['--accept-host-key', fingerprint, 'web-1'],
      'echo welcome',
    )
    const taken = await runCli(accepted)
    expect(taken.stdout.toString()).toBe('welcome\n')
    expect(taken.status).toBe(0)
  })
})

describe.runIf(canMakeUsers)('a password', () => {
  test('is asked for without showing it, and again when it was wrong', async () => {
    await using host = await startSshd({ passwordUser: true, key: false })
    const user = host.passwordUser
    const address = `${user?.name}@web-1`
    const args = argsOf(host.sshConfigFile, [address], 'echo welcome')
    const cli = startCli(args, { tty: true })
    await until('it asks', () => /password:\s*$/i.test(cli.stdout()))
    cli.type('wrong-words\r')
    await until('it asks again', () => cli.stdout().includes('please try again'))
    await until('it waits', () => /password:\s*$/i.test(cli.stdout()))
    cli.type(`${user?.password}\r`)
    const result = await cli.done
    const text = result.stdout.toString()
    expect(text).toContain('welcome')
    expect(text).not.toContain('wrong-words')
    expect(text).not.toContain(user?.password)
    expect(result.status).toBe(0)
  })
})
