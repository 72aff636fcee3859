import { describe, expect, it } from 'vitest'
import { ptyMode } from '../../src/core/runs/modes/pty-mode.ts'
import { membersOf, runToEnd, startRun } from '../support/held-run.ts'
import { localHost } from '../support/local-host.ts'
import { poll } from '../support/poll.ts'

const shells = [['dash'], ['bash'], ['busybox', 'sh'], ['mksh']] as const
describe.each(shells.map((shell) => ({ shell, name: shell.join(' ') })))(
  'a terminal run on a host whose sh is $name',
  ({ shell }) => {
    const run = (command: string) => runToEnd({ host: localHost(shell), mode: ptyMode, command })
    const start = (command: string) => {
      const host = localHost(shell)
      return startRun({ host, mode: ptyMode, command }).then((held) => ({ host, held }))
    }

    it('gives the command a terminal for input and both outputs', async () => {
      const said = await run(
        'for fd in 0 1 2; do [ -t $fd ] && echo yes; done; echo $TERM; stty size',
      )
      expect(said).toMatchObject({
        out: 'yes\nyes\nyes\nxterm-256color\n50 160\n',
        err: '',
        code: 0,
      })
    })

    it.each([
      ['exit 0', 0],
      ['exit 255', 255],
      ['if', shell[0] === 'mksh' ? 1 : 2],
      ["exec sh -c 'kill -SEGV $$'", 139],
      ["exec sh -c 'kill -INT $$'", 130],
    ])('tells the exit code of %j: %i', async (command, code) => {
      const said = await run(command)
      expect([said.code, said.kinds.at(0), said.kinds.at(-1)]).toEqual([
        code,
        'started',
        'finished',
      ])
    })

    it('shows bytes as they were written, and neither script nor command nor marks', async () => {
      const said = await run(`printf 'a\\n\\tb\\r\\nc\\001\\377'; printf 'é\\036x'`)
      expect(said.out).toBe(`a\n\tb\r\nc\u0001\u00ff${latin('é')}\u001ex`)
    })

    it('loses nothing of a long output', async () => {
      const said = await run('seq 1 200000')
      expect(said.out.length).toBe(1_288_895)
      expect(said.out.endsWith('199999\n200000\n')).toBe(true)
    })

    it('carries a command of the largest size, of which a terminal line holds a tenth', async () => {
      const text = 'x'.repeat(48 * 1024 - 20)
      expect((await run(`printf %s ${text}`)).out).toBe(text)
    })

    it('seed-06-partial-line: shows a prompt before its newline, and any program’s output at once', async () => {
      const { held } = await start(
        'printf "Password: "; python3 -S -c "import time; print(chr(62)); time.sleep(30)"',
      )
      await held.shows('Password: ')
      await held.shows('>')
      expect(await held.stop(1_000)).toMatchObject({ kind: 'empty' })
    })

    it('lets the command see Ctrl-C as one would expect it', async () => {
      const { held } = await start(
        'trap "echo interrupted; exit 3" INT; echo ready; sleep 60 & wait',
      )
      await held.shows('ready')
      process.kill(-(await held.started()), 'SIGINT')
      expect(await held.done).toMatchObject({ code: 3, out: 'ready\ninterrupted\n' })
    })

    it('keeps the nonce and the script from the command', async () => {
      const said = await run('set; env; command -v _fg_members')
      expect(said.out).not.toContain('_fg_')
      expect(said.out).not.toMatch(/printf|exit %s/)
    })

    it('stops, with a proof, a command that obeys and one that does not', async () => {
      for (const [command, killed, code] of [
        ['sleep 60 & echo ready; sleep 60', false, 143],
        ['trap "" TERM HUP; echo ready; sleep 60; sleep 60', true, 137],
      ] as const) {
        const { held } = await start(command)
        await held.shows('ready')
        expect(await held.stop(500)).toMatchObject({ kind: 'empty', killed })
        expect(await held.done).toMatchObject({ code })
        expect(membersOf(held.said.pid)).toEqual([])
      }
    })

    it.each([
      ['normally', 'echo ready', false],
      ['with a child in the background', '(trap "" HUP TERM; sleep 60) & echo ready', false],
      ['by a cut', 'echo ready; sleep 60', true],
      [
        'by a cut that the command ignores',
        'trap "" HUP TERM; echo ready; sleep 60; sleep 60',
        true,
      ],
      ['by a cut during an interactive shell', 'echo ready; bash --norc -ic "sleep 60"', true],
    ])('leaves nothing behind when it ends %s', async (_, command, isCut) => {
      const { host, held } = await start(command)
      await held.shows('ready')
      if (isCut) host.sessions[0]?.cut()
      const said = await held.done
      expect(said.kinds.at(-1)).toBe(isCut ? 'lost' : 'finished')
      await poll(() => membersOf(said.pid)).toEqual([])
    })
  },
)

function latin(text: string): string {
  return Buffer.from(text).toString('latin1')
}
