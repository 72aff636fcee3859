/** `farglass completion`: what the TAB key does in the shells that people use, each a real one on a terminal. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Farglass, makeDataDirectory, runCli, startFarglass } from '../support/farglass.ts'
import { type Sshd, startSshd } from '../support/sshd.ts'
import { until } from '../support/until.ts'

let directory = ''
let sshd: Sshd
let server: Farglass

beforeAll(async () => {
  directory = await makeDataDirectory()
  const program = resolve('dist/app/main.js')
  await mkdir(join(directory, 'bin'))
  await writeFile(
    join(directory, 'bin/farglass'),
    `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`,
  )
  await chmod(join(directory, 'bin/farglass'), 0o755)
  sshd = await startSshd({ aliases: ['alpha-1', 'alpha-2', 'beta-1'] })
  server = await startFarglass({ sshConfigFile: sshd.sshConfigFile, auth: 'none' })
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await sshd[Symbol.asyncDispose]()
  await rm(directory, { recursive: true, force: true })
})

/** How each is started without what its user has set, and how it reads the completion. */
const shells = {
  bash: {
    words: ['bash', '--norc', '--noprofile', '-i'],
    load: 'source <(farglass completion bash)',
  },
  zsh: {
    words: ['zsh', '-f', '-i'],
    load: 'autoload -U compinit; compinit -u -D; source <(farglass completion zsh)',
  },
  fish: { words: ['fish', '--no-config', '-i'], load: 'farglass completion fish | source' },
} as const

/** A shell on a terminal of its own: what is typed there, and what it has shown. */
class Shell implements AsyncDisposable {
  readonly #child: ChildProcessWithoutNullStreams
  #shown = ''

  constructor(words: readonly string[]) {
    this.#child = spawn('script', ['-qfec', words.join(' '), '/dev/null'], {
      env: {
        PATH: `${join(directory, 'bin')}:${process.env['PATH']}`,
        HOME: directory,
        TERM: 'xterm',
        PS1: '$ ',
        FARGLASS_SERVER: server.url,
        FARGLASS_DATA: directory,
      },
    })
    this.#child.stdout.on('data', (bytes: Buffer) => {
      this.#shown += bytes.toString()
    })
  }

  type(text: string): void {
    this.#child.stdin.write(text)
  }

  /** Resolves once it has shown the text, however it has drawn it. */
  async shows(text: string): Promise<void> {
    await until(`the shell shows "${text}"`, () => visible(this.#shown).includes(text))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return
    this.#child.kill('SIGKILL')
    await once(this.#child, 'exit')
  }
}

/** Without colours, bells and moves of the cursor, and without what a backspace has taken away. */
function visible(shown: string): string {
  // oxlint-disable-next-line no-control-regex -- it is escape sequences that are taken out
  const text = shown.replaceAll(/\u001b(?:\[[0-9;?>=]*[A-Za-z]|[()][A-Z0-9]|[=>])|\u0007/g, '')
  // oxlint-disable-next-line no-control-regex -- a backspace is one
  return text.replaceAll(/[^\b]\u0008/g, '')
}

describe.each(['bash', 'zsh', 'fish'] as const)('TAB in %s', (name) => {
  test('completes flags, values, and hosts that the server knows, one after the other', async () => {
    const { words, load } = shells[name]
    await using shell = new Shell(words)
    shell.type(`${load}; echo loa''ded\n`)
    await shell.shows('loaded')
    shell.type('farglass run --mer\t')
    await shell.shows('--merged')
    // A list, whose words some shells cut at their commas.
    shell.type('--mask times,n\t')
    await shell.shows('--mask times,numbers')
    shell.type('be\t')
    await shell.shows('numbers beta-1')
    shell.type('\u007f,alpha-2,alpha\t')
    await shell.shows('beta-1,alpha-2,alpha-1')
  })
})

describe('completion', () => {
  test('knows the runs of the server, each with its outcome, target and command', async () => {
    const { id } = await server.api.start({
      target: 'alpha-1',
      source: { kind: 'command', command: 'true' },
    })
    await until('it has ended', async () => (await server.api.get(id)).state === 'ended')
    const args = ['completion', '--words', '--', 'attach', '--server', server.url, id.slice(0, 4)]
    const { stdout, status } = await runCli(args)
    expect([status, stdout.toString()]).toEqual([0, `${id}\tsucceeded, alpha-1: true\n`])
  })

  test('asks a host of the target for its paths, after its name', async () => {
    await writeFile(join(directory, 'access.log'), '')
    await mkdir(join(directory, 'archive'))
    const typed = `alpha-1:${join(directory, 'a')}`
    const args = ['completion', '--words', '--', 'tail', '--server', server.url, typed]
    const { stdout } = await runCli(args)
    const found = stdout.toString().trimEnd().split('\n').toSorted()
    expect(found).toEqual([
      `alpha-1:${join(directory, 'access.log')}\talpha-1`,
      `alpha-1:${join(directory, 'archive')}/\talpha-1`,
    ])
  })

  test('says nothing, and ends well, when nobody can be asked', async () => {
    const args = ['completion', '--words', '--', 'attach', '--server', 'http://127.0.0.1:1', '']
    const { stdout, stderr, status } = await runCli(args)
    expect([status, stdout.toString(), stderr]).toEqual([0, '', ''])
  })

  test('a shell that it does not know is named', async () => {
    const { stderr, status } = await runCli(['completion', 'tcsh'])
    expect(status).toBe(2)
    expect(stderr).toContain('"tcsh" is no shell that Farglass knows')
  })
})
