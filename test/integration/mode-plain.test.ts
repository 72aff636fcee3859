import { mkdtemp, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { randomName } from '../../src/adapters/system/ids.ts'
import type { Clock } from '../../src/core/clock.ts'
import { plainMode } from '../../src/core/runs/modes/plain-mode.ts'
import { limits } from '../../src/shared/limits.ts'
import { membersOf, runToEnd, startRun } from '../support/held-run.ts'
import { localHost } from '../support/local-host.ts'
import { poll } from '../support/poll.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { until } from '../support/until.ts'

const shells = [['dash'], ['bash'], ['busybox', 'sh'], ['mksh']] as const
it('drops nothing of a stopped command while its reader is held back, however long that is', async () => {
  const clock = timesFaster(systemClock, 5)
  const held = { name: randomName(20), merged: false, nonce: randomName(16), clock }
  // More than is read ahead, in few writes so that all of it fits between the two processes.
  const command = `head -c 150000 /dev/zero | tr '\\0' x; exec sleep 60`
  await using run = await plainMode(command).start(localHost(['dash']), held)
  const events = run.events[Symbol.asyncIterator]()
  const started = await events.next()
  const pid = started.value?.kind === 'started' ? started.value.pid : 0
  const isPrinted = () => membersOf(pid).some((one) => one.endsWith(' sleep 60'))
  await until('all is printed', isPrinted)
  expect(await run.stop(1_000)).toMatchObject({ kind: 'empty' })
  const late = clock.elapsed() + 1.2 * limits.heldOutputMs
  await until('the time for open output is over', () => clock.elapsed() > late)
  let out = ''
  for (let next = await events.next(); next.done !== true; next = await events.next()) {
    if (next.value.kind === 'bytes') out += Buffer.from(next.value.bytes).toString()
  }
  expect(out.length).toBe(150_000)
})

/** The same clock, on which everything is over sooner. */
function timesFaster(clock: Clock, factor: number): Clock {
  return {
    now: () => clock.now(),
    elapsed: () => clock.elapsed() * factor,
    sleep: (ms, signal) => clock.sleep(ms / factor, signal),
    after: (ms, action) => clock.after(ms / factor, action),
  }
}

describe.each(shells.map((shell) => ({ shell, name: shell.join(' ') })))(
  'a plain run on a host whose sh is $name',
  ({ shell }) => {
    const run = (command: string, merged = false) =>
      runToEnd({ host: localHost(shell), mode: plainMode, command, merged })
    const start = (command: string) => {
      const host = localHost(shell)
      return startRun({ host, mode: plainMode, command }).then((held) => ({ host, held }))
    }

    it.each([
      ['exit 0', 0],
      ['exit 7', 7],
      ['exit 255', 255],
      ['false', 1],
      ['/nonexistent/program', 127],
      ['if', shell[0] === 'mksh' ? 1 : 2],
      ["exec sh -c 'kill -SEGV $$'", 139],
      ["exec sh -c 'kill -INT $$'", 130],
      ["trap 'echo bye; exit 9' TERM; kill -TERM $(exec sh -c 'echo $PPID')", 9],
    ])('tells the exit code of %j: %i', async (command, code) => {
      const said = await run(command)
      expect([said.code, said.kinds.at(0), said.kinds.at(-1)]).toEqual([
        code,
        'started',
        'finished',
      ])
      expect(said.kinds).toContain('exited')
    })

    it('seed-04-last-line: gives the last bytes of both channels, without a newline too', async () => {
      expect(await run('printf "a\\nb"; printf c >&2')).toMatchObject({ out: 'a\nb', err: 'c' })
    })

    it('joins both channels in exact order when merged', async () => {
      const said = await run('for i in 1 2 3 4 5; do echo o$i; echo e$i >&2; done', true)
      expect(said).toMatchObject({ out: 'o1\ne1\no2\ne2\no3\ne3\no4\ne4\no5\ne5\n', err: '' })
    })

    it('takes any command text as it is', async () => {
      const host = localHost(shell)
      await fc.assert(
        fc.asyncProperty(commandText(), async (text) => {
          // dash itself loses the byte after what begins like the last line.
          fc.pre(!/^%/m.test(text))
          const command = `cat <<'%end'\n${text}\n%end`
          const said = await runToEnd({ host, mode: plainMode, command })
          expect(said.out).toBe(Buffer.from(`${text}\n`).toString('latin1'))
          expect(said.err).toBe('')
        }),
        // It reads a script byte by byte.
        { numRuns: shell[0] === 'mksh' ? 5 : 40 },
      )
    })

    it('takes quotes, substitutions, backslashes and carriage returns in words', async () => {
      const said = await run(`printf '%s|' '$(id)' "a'b" '\\' "\`echo x\`" $((6*7)) 'a\r\nb' 'é漢'`)
      expect(Buffer.from(said.out, 'latin1').toString()).toBe("$(id)|a'b|\\|x|42|a\r\nb|é漢|")
    })

    it('carries a command of the largest size', async () => {
      const text = 'x'.repeat(48 * 1024 - 20)
      expect((await run(`printf %s ${text}`)).out).toBe(text)
    })

    it('keeps the command out of every argv of the host', async () => {
      const secret = 'canary42'
      const said = await run(`T=${secret}; ps -A -o args=; echo done`)
      expect(said.out).toContain('done')
      expect(said.out).not.toContain(secret)
    })

    it('gives the command no input', async () => {
      expect(await run('cat; echo end')).toMatchObject({ out: 'end\n', code: 0 })
    })

    it('shows the command nothing of the wrapper', async () => {
      const said = await run('jobs; wait; set; env; echo "$#"; command -v _fg_members')
      expect(said.out).not.toContain('_fg_')
      expect(said.out).toContain('\n0\n')
    })

    it('leaves INT, TERM and HUP to the command', async () => {
      const { held } = await start('awk "/^Sig(Ign|Blk)/ { print \\$2 }" /proc/self/status')
      const [blocked, ignored] = (await held.done).out.split('\n')
      expect([blocked, ignored]).toEqual(['0'.repeat(16), '0'.repeat(16)])
    })

    it('shows output of python at once', async () => {
      const { held } = await start(
        'python3 -c "import time; print(\'first\'); time.sleep(30)" || exit 3',
      )
      await held.shows('first')
      expect(await held.stop(1_000)).toMatchObject({ kind: 'empty' })
    })

    it('shows lines of programs that buffer with the C library at once', async () => {
      const { held } = await start('(echo first; sleep 30) | grep first')
      await held.shows('first')
      expect(await held.stop(1_000)).toMatchObject({ kind: 'empty' })
    })

    it('does not touch buffering that the user has set', async () => {
      const env = { LD_PRELOAD: '', _STDBUF_O: '0', PYTHONUNBUFFERED: '' }
      const host = localHost(shell, env)
      const command = 'echo "$LD_PRELOAD|$_STDBUF_O|$PYTHONUNBUFFERED|"'
      expect((await runToEnd({ host, mode: plainMode, command })).out).toBe('|0||\n')
    })

    it('seed-20-busy-loop: a command that closes its outputs and goes on costs no time', async () => {
      const before = process.cpuUsage()
      const { host, held } = await start('exec >&- 2>&-; sleep 1')
      const said = await held.done
      const { user, system } = process.cpuUsage(before)
      expect(said).toMatchObject({ code: 0, out: '', err: '' })
      expect((user + system) / 1_000).toBeLessThan(500)
      expect(host.sessions).toHaveLength(1)
    })

    it('goes on until the output has ended, not merely the command', async () => {
      const { held } = await start('(sleep 0.5; echo late) & echo now; exit 4')
      const said = await held.done
      expect(said).toMatchObject({ out: 'now\nlate\n', code: 4 })
      expect(said.kinds.slice(-3)).toEqual(['exited', 'bytes', 'finished'])
      await poll(() => membersOf(said.pid)).toEqual([])
    })

    it('ends with the command when what it left behind holds no output, and ends that too', async () => {
      const said = await run('sleep 600 >/dev/null 2>&1 & echo $!')
      await poll(() => membersOf(said.pid)).toEqual([])
    })

    it('stops: TERM to the whole group, and proof that it is empty', async () => {
      const { held } = await start('sleep 60 & echo ready; sleep 60')
      await held.shows('ready')
      const proof = await held.stop(5_000)
      expect(proof).toMatchObject({ kind: 'empty', killed: false })
      expect(proof.kind === 'empty' && proof.gone).toBeGreaterThanOrEqual(2)
      const said = await held.done
      expect(said).toMatchObject({ code: 143 })
      expect(membersOf(said.pid)).toEqual([])
    })

    it('stops with proof a command that is only just being started', async () => {
      const { held } = await start('sleep 60')
      expect(await held.stop(5_000)).toMatchObject({ kind: 'empty', killed: false })
      expect((await held.done).kinds.at(-1)).toBe('finished')
      expect(membersOf(held.said.pid)).toEqual([])
    })

    it('stops a command that ignores TERM, with its children, by KILL', async () => {
      const { held } = await start(
        'trap "" TERM HUP INT; sleep 60 & echo ready; sleep 60; sleep 60',
      )
      await held.shows('ready')
      expect(await held.stop(300)).toMatchObject({ kind: 'empty', killed: true })
      const said = await held.done
      expect(said).toMatchObject({ code: 137 })
      expect(said.kinds.slice(-2)).toEqual(['exited', 'finished'])
      expect(membersOf(said.pid)).toEqual([])
    })

    it('lets a stopped command clean up and keeps its own exit code', async () => {
      const { held } = await start('trap "echo cleaned; exit 9" TERM; echo ready; sleep 60 & wait')
      await held.shows('ready')
      expect(await held.stop(5_000)).toMatchObject({ kind: 'empty', killed: false })
      expect(await held.done).toMatchObject({ code: 9, out: 'ready\ncleaned\n' })
    })

    it('stops a suspended command', async () => {
      const { held } = await start('echo ready; exec sh -c "kill -STOP \\$\\$; sleep 60"')
      await held.shows('ready')
      expect(await held.stop(5_000)).toMatchObject({ kind: 'empty', killed: false })
    })

    it('stops what the command has left behind after it has exited', async () => {
      const { held } = await start('(sleep 60; echo late) & exit 5')
      await poll(() => held.said.code).toBe(5)
      expect(await held.stop(5_000)).toMatchObject({ kind: 'empty' })
      expect(await held.done).toMatchObject({ code: 5 })
    })

    it('ends a stopped run although a process of another group holds its output', async () => {
      const { held } = await start('setsid sleep 20 & echo ready; sleep 60')
      await held.shows('ready')
      expect(await held.stop(5_000)).toMatchObject({ kind: 'empty' })
      expect((await held.done).kinds.at(-1)).toBe('finished')
    })

    it.each([
      ['that waits', 'sleep 60'],
      ['that ignores signals', 'trap "" TERM HUP INT PIPE; sleep 60; sleep 60'],
      [
        'that has exited with children that hold the output',
        '(trap "" TERM; sleep 60; sleep 60) &',
      ],
    ])(
      'seed-19-server-stop: nothing of a command %s is left when the connection is cut',
      async (_, command) => {
        const { host, held } = await start(`echo ready; ${command}`)
        await held.shows('ready')
        const group = await held.started()
        host.sessions[0]?.cut()
        await held.done
        await poll(() => membersOf(group)).toEqual([])
      },
    )

    it('seed-17-endless-run: nothing of an endless command is left when its run is let go', async () => {
      const { held } = await start('while :; do echo line; sleep 0.1; done')
      await held.shows('line')
      const group = await held.started()
      await held[Symbol.asyncDispose]()
      expect((await held.done).kinds.at(-1)).toBe('lost')
      await poll(() => membersOf(group)).toEqual([])
    })

    it('says lost, and why, when the connection ends before the exit', async () => {
      const { host, held } = await start('echo ready; sleep 60')
      await held.shows('ready')
      host.sessions[0]?.cut()
      const { error, kinds } = await held.done
      expect(kinds.at(-1)).toBe('lost')
      expect(error?.code).toBe('connection-lost')
    })

    it('runs while nobody reads, without memory for what it prints', async () => {
      const host = localHost(shell)
      const held = await plainMode('head -c 300000000 /dev/zero').start(host, {
        name: 'r1.0',
        merged: false,
        nonce: 'n1',
        clock: (await import('../../src/adapters/system/clock.ts')).systemClock,
      })
      let bytes = 0
      const before = process.memoryUsage().rss
      for await (const event of held.events) {
        if (event.kind === 'bytes') bytes += event.bytes.length
      }
      expect(bytes).toBe(300_000_000)
      expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000)
    })
  },
)

describe('a host without ps, stdbuf and python', () => {
  it('still runs, stops with proof, and is left clean', async () => {
    await using bin = await programs(['sh', 'cat', 'sleep', 'ls'])
    const host = localHost(['/usr/bin/dash'], { PATH: bin.directory })
    const ended = await runToEnd({
      host,
      mode: plainMode,
      command: 'sleep 60 >/dev/null 2>&1 & exit 3',
    })
    expect(ended).toMatchObject({ code: 3, err: '' })
    await poll(() => membersOf(ended.pid)).toEqual([])
    const command = 'trap "" TERM; sleep 60 & echo ready; sleep 60; sleep 60'
    const held = await startRun({ host, mode: plainMode, command })
    await held.shows('ready')
    expect(await held.stop(300)).toMatchObject({ kind: 'empty', gone: 3, killed: true })
    expect(membersOf(held.said.pid)).toEqual([])
  })
})

it('what a login shell prints is no output of a plain run, however late it comes', async () => {
  const noise = 'echo Welcome; echo to the machine >&2; exec dash -s'
  for (const merged of [false, true]) {
    const host = localHost(['dash', '-c', noise, 'sh'])
    const said = await runToEnd({ host, mode: plainMode, command: 'echo one; exit 3', merged })
    expect(said).toMatchObject({ out: 'one\n', err: '', code: 3 })
  }
})

describe('a plain run that does not start', () => {
  it.each([
    [
      'a login shell that refuses',
      'echo This account is currently not available.',
      'session-refused',
    ],
    ['a host without sh', 'echo "sh: not found" >&2', 'start-failed'],
    ['a host that closes at once', 'true', 'start-failed'],
    ['a login shell that talks for ever', 'yes', 'start-failed'],
  ])('says why: %s', async (_, words, code) => {
    const host = localHost(['sh', '-c', words])
    const said = await runToEnd({ host, mode: plainMode, command: 'echo x' })
    expect(said.kinds).toEqual(['failed'])
    expect(said.error?.code).toBe(code)
    expect(said.out).toBe('')
  })
})

describe('a stop without an answer', () => {
  it('says that it does not know, and lets go of the session', async () => {
    const host = localHost(['dash'])
    const broken = { ...host, open: host.open.bind(host) }
    const held = await startRun({ host: broken, mode: plainMode, command: 'echo ready; sleep 60' })
    await held.shows('ready')
    broken.open = () => Promise.reject(new Error('no more sessions'))
    expect(await held.stop(100)).toMatchObject({ kind: 'unknown' })
    expect((await held.done).kinds.at(-1)).toMatch(/lost|finished/)
    await poll(() => membersOf(held.said.pid)).toEqual([])
  })
})

/** A directory that holds nothing but these programs of the machine. */
async function programs(
  names: readonly string[],
): Promise<AsyncDisposable & { directory: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'fg-bin-'))
  for (const name of names) await symlink(join('/usr/bin', name), join(directory, name))
  return {
    directory,
    [Symbol.asyncDispose]: () => removeFolder(directory),
  }
}

/** Anything but NUL, which no shell can hold, and lone surrogates, which are no text. */
function commandText(): fc.Arbitrary<string> {
  const tricky = fc.constantFrom(
    "'",
    '"',
    '`',
    '$(id)',
    '\\',
    '\r',
    '\n',
    '\u0001',
    '\u0081',
    '\ufffd',
  )
  return fc
    .array(fc.oneof(tricky, fc.string({ unit: 'binary', maxLength: 8 })), { maxLength: 20 })
    .map((parts) => parts.join('').replaceAll('\0', ''))
    .filter((text) => text.isWellFormed() && !text.includes('end of the text'))
}
