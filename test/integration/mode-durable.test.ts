import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { randomName } from '../../src/adapters/system/ids.ts'
import { CommandProgressKeeper } from '../../src/core/runs/command-progress-keeper.ts'
import { durableMode } from '../../src/core/runs/modes/durable-mode.ts'
import type { ReadPoint } from '../../src/core/runs/modes/run-mode.ts'
import { endDurableRuns, spoolFiles, spoolState } from '../support/durable-runs.ts'
import { collectSaid, membersOf, type Said } from '../support/held-run.ts'
import { type LocalHost, localHost } from '../support/local-host.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { canMount, mountTmpfs } from '../support/small-disk.ts'
import { until } from '../support/until.ts'

const shells = [['dash'], ['bash'], ['busybox', 'sh'], ['zsh', '--emulate', 'sh']] as const

let home: string
let busybox: string

beforeAll(async () => {
  busybox = await mkdtemp(join(tmpdir(), 'fg-busybox-'))
  execFileSync('busybox', ['--install', '-s', busybox])
})

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'fg-home-'))
})

afterAll(async () => {
  await removeFolder(busybox)
})

/** A host of BusyBox has its other programs too. */
function path(shell: string): string {
  return `${shell === 'busybox' ? `${busybox}:` : ''}${process.env['PATH']}`
}

afterEach(async () => {
  endDurableRuns(join(home, '.local/state'))
  await removeFolder(home)
})

describe.each(shells.map((shell) => ({ shell, name: shell.join(' ') })))(
  'a durable run on a host whose sh is $name',
  ({ shell }) => {
    const host = (env: NodeJS.ProcessEnv = {}) =>
      localHost(shell, { HOME: home, PATH: path(shell[0]), ...env })

    it.each([
      ['exit 0', 0],
      ['exit 7', 7],
      ['exit 255', 255],
      ['/nonexistent/program', 127],
      ['if', 2],
      ["exec sh -c 'kill -SEGV $$'", 139],
      ["trap 'echo bye; exit 9' TERM; kill -TERM $$", 9],
    ])('tells the exit code of %j: %i', async (command, code) => {
      const { said } = await runToEnd(host(), command)
      expect([said.code, said.kinds.at(0), said.kinds.at(-1)]).toEqual([
        code,
        'started',
        'finished',
      ])
    })

    it('gives the last bytes of both channels, without a newline too', async () => {
      const { said } = await runToEnd(host(), 'printf "a\\nb"; printf c >&2')
      expect(said).toMatchObject({ out: 'a\nb', err: 'c' })
    })

    it('joins both channels in exact order when merged', async () => {
      const command = 'for i in 1 2 3; do echo o$i; echo e$i >&2; done'
      const { said } = await runToEnd(host(), command, { merged: true })
      expect(said).toMatchObject({ out: 'o1\ne1\no2\ne2\no3\ne3\n', err: '' })
    })

    it('takes any command text as it is', async () => {
      const local = host()
      await fc.assert(
        fc.asyncProperty(
          fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
          async (text) => {
            fc.pre(!text.includes('\0') && !text.includes('\r'))
            // dash itself loses the byte after what begins like the last line.
            fc.pre(!/^%/m.test(text))
            const command = `cat <<'%end'\n${text}\n%end`
            const { said } = await runToEnd(local, command)
            expect(said.out).toBe(Buffer.from(`${text}\n`).toString('latin1'))
          },
        ),
        { numRuns: 12 },
      )
    })

    it('keeps the command out of every argv of the host', async () => {
      const { said } = await runToEnd(host(), 'T=canary42; ps -A -o args=; echo done')
      expect(said.out).toContain('done')
      expect(said.out).not.toContain('canary42')
    })

    /** Without `setsid -f` the command is started in the background, where sh ignores INT and QUIT. */
    it('gives the command no input, nothing of the wrapper, and its signals as they were', async () => {
      const command =
        'cat; jobs; set; echo "$#"; umask; awk "/^Sig(Ign|Blk)/ { print \\$2 }" /proc/self/status'
      const { said } = await runToEnd(host(), command)
      expect(said.out).not.toContain('_fg_')
      expect(said.out).toContain('\n0\n')
      expect(said.out).toContain('\n0022\n')
      const zeros = '0'.repeat(16)
      expect(said.out.trimEnd().split('\n').slice(-2)).toEqual([zeros, zeros])
    })

    it('keeps its spool for its owner alone, and removes it once all is stored', async () => {
      await mkdir(join(home, '.local/state/farglass/runs'), { recursive: true, mode: 0o755 })
      const run = await start(
        host(),
        'stat -c %a "$HOME"/.local/state/farglass/runs; umask; exit 3',
      )
      const said = await run.done
      expect(said.out).toBe('700\n0022\n')
      expect(spoolFiles(run.spool)).toContain('state')
      await run.release()
      expect(spoolFiles(run.spool)).toEqual([])
    })

    it('outlives its session, and is read on from any byte without loss or repetition', async () => {
      const command =
        'i=0; while [ $i -lt 60 ]; do echo "line $i"; echo "err $i" >&2; i=$((i+1)); sleep 0.02; done; exit 5'
      const local = host()
      const first = await start(local, command)
      await until('it prints', () => first.said.out.includes('line 5\n'))
      local.sessions[0]?.cut()
      const cut = await first.done
      expect(cut.kinds.at(-1)).toBe('cut')
      const at = { outBytes: cut.out.lastIndexOf('\n') + 1, errBytes: 3, startedAt: 'before' }
      const { said } = await readOn(local, first.name, at)
      expect(said.kinds.at(0)).toBe('resumed')
      const lines = (word: string) =>
        Array.from({ length: 60 }, (_, i) => `${word} ${i}\n`).join('')
      expect(cut.out.slice(0, at.outBytes) + said.out).toBe(lines('line'))
      expect(said.err).toBe(lines('err').slice(3))
      expect(said.code).toBe(5)
    })

    it('is read whole after its end, as often as one likes', async () => {
      const local = host()
      const run = await start(local, 'echo out; echo err >&2; exit 4')
      await run.done
      for (let i = 0; i < 2; i++) {
        const { said } = await readOn(local, run.name, { outBytes: 0, errBytes: 2, startedAt: 'x' })
        expect(said).toMatchObject({ out: 'out\n', err: 'r\n', code: 4 })
      }
    })

    it('three starts of one task at once run the command once', async () => {
      const local = host()
      const name = randomName(12)
      const marks = join(home, 'marks')
      const command = `echo x >>${marks}; sleep 0.3; echo done`
      const runs = await Promise.all([1, 2, 3].map(() => start(local, command, { name })))
      for (const run of runs) expect(await run.done).toMatchObject({ out: 'done\n', code: 0 })
      expect(readFileSync(marks, 'utf8')).toBe('x\n')
    })

    it('a start that a dead network delivers after the end of all does not start it again', async () => {
      const local = host()
      const name = randomName(12)
      const marks = join(home, 'marks')
      const mode = durableMode(`echo x >>${marks}`)
      const begin = async () => {
        const held = { name, merged: false, nonce: randomName(16), clock: systemClock }
        const source = await mode.start(local, held)
        return { source, said: await collectSaid(source.events).done }
      }
      await begin()
      const second = await begin()
      expect(second.said).toMatchObject({ code: 0 })
      expect(await second.source.release?.()).toBe(true)
      expect((await begin()).said.kinds).toEqual(['failed'])
      expect(readFileSync(marks, 'utf8')).toBe('x\n')
    })

    it('nor does one that a dead Farglass has sent, after the next one has read the command to its end', async () => {
      const local = host()
      const name = randomName(12)
      const marks = join(home, 'marks')
      const command = `echo x >>${marks}`
      const first = await start(local, command, { name })
      await first.done
      const held = { name, merged: false, nonce: randomName(16), clock: systemClock }
      const at = { task: { outBytes: 0, errBytes: 0, startedAt: '2026-01-01T00:00:00.000Z' } }
      const next = await durableMode(command).resume?.(local, held, at)
      if (next === undefined) throw new Error('A durable run can be read on.')
      expect(await collectSaid(next.events).done).toMatchObject({ code: 0 })
      expect(await next.release?.()).toBe(true)
      const late = await start(local, command, { name })
      expect((await late.done).kinds).toEqual(['failed'])
      expect(readFileSync(marks, 'utf8')).toBe('x\n')
    })

    it('what had not started before is not started by reading on, nor ever after', async () => {
      const local = host()
      const name = randomName(12)
      const { said } = await readOn(local, name, { outBytes: 0, errBytes: 0, startedAt: null })
      expect(said).toMatchObject({ kinds: ['failed'], error: { code: 'server-stopped' } })
      const late = await start(local, `echo x >${join(home, 'ran')}`, { name })
      expect((await late.done).kinds).toEqual(['failed'])
      expect(existsSync(join(home, 'ran'))).toBe(false)
    })

    it('stop ends the group with proof; the exit code is kept', async () => {
      const run = await start(host(), 'sleep 1000 & sleep 1001; echo never')
      await until('it starts', () => run.said.pid > 0)
      expect(await run.stop(2_000)).toMatchObject({ kind: 'empty', killed: false, outside: [] })
      const said = await run.done
      expect(membersOf(said.pid)).toEqual([])
      expect(said).toMatchObject({ code: 143, out: '' })
    })

    it('stop sends nothing to a group of another boot, whatever has its number now', async () => {
      const local = host()
      const run = await start(local, 'exec sleep 1008')
      await until('it starts', () => run.said.pid > 0)
      const state = `${run.spool}.state`
      const ours = readFileSync(state, 'utf8')
      writeFileSync(state, ours.replace(/^boot \S+/m, 'boot another'))
      expect(await run.stop(100)).toMatchObject({ kind: 'empty', killed: false })
      expect(membersOf(run.said.pid)).toHaveLength(1)
      process.kill(-run.said.pid)
      await run.done
    })

    it('gives all that a short command writes, whether it is little, much, or in the background still', async () => {
      const local = host()
      for (const [command, out, err] of [
        ['true', 0, 0],
        ['printf "%s\\n" 12; echo err >&2', 3, 4],
        ['head -c 1048575 /dev/zero', 1_048_575, 0],
        ['head -c 1048576 /dev/zero', 1_048_576, 0],
        ['head -c 1048577 /dev/zero; head -c 3000000 /dev/zero >&2', 1_048_577, 3_000_000],
        ['sleep 0.4 & head -c 2000000 /dev/zero >&2; echo out', 4, 2_000_000],
      ] as const) {
        const { said, run } = await runToEnd(local, command)
        expect([command, said.out.length, said.err.length, said.code]).toEqual([
          command,
          out,
          err,
          0,
        ])
        expect(said.kinds).not.toContain('gap')
        await run.release()
        expect(spoolFiles(run.spool)).toEqual([])
      }
    })

    it('stop kills what ignores TERM, lets a trap clean up, and works without the first session', async () => {
      const local = host()
      const deaf = await start(local, 'trap "" TERM; echo ready; while :; do sleep 0.1; done')
      await until('it is deaf', () => deaf.said.out === 'ready\n')
      local.sessions[0]?.cut()
      await deaf.done
      const again = await readOn(
        local,
        deaf.name,
        { outBytes: 6, errBytes: 0, startedAt: 'x' },
        'go',
      )
      expect(await again.run.stop(200)).toMatchObject({ kind: 'empty', killed: true })
      expect((await again.run.done).code).toBe(137)
      const tidy = await start(
        local,
        'trap "echo cleaned; exit 9" TERM; echo ready; while :; do sleep 0.1; done',
      )
      await until('it is ready', () => tidy.said.out === 'ready\n')
      expect(await tidy.stop(5_000)).toMatchObject({ kind: 'empty', killed: false })
      expect(await tidy.done).toMatchObject({ code: 9, out: 'ready\ncleaned\n' })
    })

    it('a stop that comes while it is being started waits for the start and ends it', async () => {
      const run = await start(host(), 'echo started; sleep 1008')
      expect(await run.stop(2_000)).toMatchObject({ kind: 'empty' })
      const said = await run.done
      // Either it came first and shut the door, or the command was there and is gone.
      if (said.pid === 0) expect(said.kinds).toEqual(['failed'])
      else expect([said.kinds.at(-1), said.code]).toEqual(['finished', 143])
      if (said.pid > 0) expect(membersOf(said.pid)).toEqual([])
    })

    it('stop waits for a command that is just being started, and ends it', async () => {
      const bin = join(home, 'slow')
      await mkdir(bin)
      const slow = '#!/bin/sh\nPATH=${PATH#*:}\nsleep 0.4\nexec setsid "$@"\n'
      writeFileSync(join(bin, 'setsid'), slow, { mode: 0o755 })
      const run = await start(host({ PATH: `${bin}:${path(shell[0])}` }), 'sleep 1008; echo never')
      await until('its start has begun', () => existsSync(`${run.spool}.state`))
      expect(await run.stop(2_000)).toMatchObject({ kind: 'empty' })
      const said = await run.done
      expect(membersOf(said.pid)).toEqual([])
      expect(said).toMatchObject({ code: 143, out: '' })
    })

    it('stop names what has left the group and lives on', async () => {
      const run = await start(host(), 'setsid sleep 1002 & sleep 0.3; echo $!; sleep 1003')
      await until('it starts', () => run.said.out.includes('\n'))
      const proof = await run.stop(2_000)
      expect(proof).toMatchObject({ kind: 'empty', outside: [expect.any(Number)] })
      if (proof.kind === 'empty') for (const pid of proof.outside ?? []) process.kill(pid)
      await run.done
    })

    it('ends with the command, names what goes on in the background, and leaves it alone', async () => {
      const { said } = await runToEnd(host(), 'sleep 1004 & echo over')
      expect(said).toMatchObject({ out: 'over\n', code: 0 })
      expect(said.notes).toHaveLength(1)
      expect(said.notes[0]).toMatch(/^background: 1 process /)
      expect(membersOf(said.pid)).toHaveLength(1)
      process.kill(-said.pid)
    })

    it('a keeper and command that are killed together leave an exit that nobody knows', async () => {
      const run = await start(host(), 'echo one; sleep 1005')
      await until('it prints', () => run.said.out === 'one\n')
      process.kill(spoolState(run.spool).keeper ?? 0, 'SIGKILL')
      process.kill(-run.said.pid, 'SIGKILL')
      expect(await run.done).toMatchObject({ out: 'one\n', error: { code: 'exit-unknown' } })
    })

    it('a file that was cut, a spool that is gone, another boot: each is told', async () => {
      const local = host()
      const run = await start(local, 'echo one; echo two')
      await run.done
      truncateSync(`${run.spool}.out`, 4)
      const cut = await readOn(local, run.name, { outBytes: 8, errBytes: 0, startedAt: 'x' })
      expect(cut.said).toMatchObject({ kinds: ['resumed', 'gap', 'exited', 'finished'], code: 0 })
      const state = `${run.spool}.state`
      const running = readFileSync(state, 'utf8').replace(/^ended [^]*/m, '')
      writeFileSync(state, running.replace(/^boot \S+/m, 'boot another'))
      const booted = await readOn(local, run.name, { outBytes: 0, errBytes: 0, startedAt: 'x' })
      expect(booted.said).toMatchObject({ out: 'one\n', error: { code: 'host-rebooted' } })
      for (const file of spoolFiles(run.spool)) await rm(`${run.spool}.${file}`)
      const gone = await readOn(local, run.name, { outBytes: 4, errBytes: 0, startedAt: 'x' })
      expect(gone.said).toMatchObject({ kinds: ['gap', 'lost'], error: { code: 'exit-unknown' } })
    })

    it('a file that was cut and has grown over what is known of it is told, one that was not is not', async () => {
      const local = host()
      const run = await start(local, `printf '%s\\n' ${'0123456789 '.repeat(60)}; echo err >&2`)
      await run.done
      const out = readFileSync(`${run.spool}.out`)
      const at = { outBytes: 400, errBytes: 4, startedAt: 'x' }
      const keeper = new CommandProgressKeeper(undefined)
      keeper.read('out', out.subarray(0, 400))
      keeper.read('err', Buffer.from('err\n'))
      const known = {
        ...at,
        ...(keeper.progress === undefined ? {} : { progress: keeper.progress }),
      }
      const same = await readOn(local, run.name, known)
      // The bytes may come in several pieces.
      const withoutBytes = (kinds: readonly string[]) => kinds.filter((kind) => kind !== 'bytes')
      expect(withoutBytes(same.said.kinds)).toEqual(['resumed', 'exited', 'finished'])
      const after = Buffer.from(out)
      after.write('#', 399)
      writeFileSync(`${run.spool}.out`, after)
      const cut = await readOn(local, run.name, known)
      expect(withoutBytes(cut.said.kinds)).toEqual(['resumed', 'gap', 'exited', 'finished'])
      expect(cut.said.out).toBe(out.subarray(400).toString())
    })

    it('says why it cannot be held there: no place, no setsid', async () => {
      const noPlace = await start(host({ HOME: '', XDG_STATE_HOME: '' }), 'echo no')
      expect(await noPlace.done).toMatchObject({ kinds: ['unsupported'], out: '' })
      const bin = join(home, 'bin')
      await mkdir(bin)
      for (const name of [
        shell[0],
        'ls',
        'cat',
        'mkdir',
        'id',
        'df',
        'ps',
        'sleep',
        'rm',
        'tail',
        'find',
      ]) {
        await symlink(`/usr/bin/${name}`, join(bin, name)).catch(() => {})
      }
      const noSetsid = await start(host({ PATH: bin }), 'echo no')
      expect(await noSetsid.done).toMatchObject({ kinds: ['unsupported'], out: '' })
    })

    it('removes what nobody has fetched for a week, and nothing that still runs', async () => {
      const local = host()
      const old = await start(local, 'echo old')
      const running = await start(local, 'sleep 1006')
      await old.done
      await until('it starts', () => running.said.pid > 0)
      const ago = Date.now() / 1_000 - 9 * 24 * 3_600
      for (const { spool } of [old, running]) await utimes(`${spool}.state`, ago, ago)
      // Another connection: on this one it was looked a moment ago.
      await (await start(host(), 'true')).done
      await until('it is swept', () => spoolFiles(old.spool).length === 0)
      expect(spoolFiles(running.spool)).toEqual(['err', 'out', 'state'])
      await running.stop(1_000)
    })

    it('leaves nothing of the session on the host when it is cut, but who keeps and who guards the command', async () => {
      const local = host()
      const run = await start(local, 'sleep 1007')
      await until('it starts', () => run.said.pid > 0)
      const group = local.sessions[0]?.child.pid ?? 0
      local.sessions[0]?.cut()
      await until('the followers are gone', () => {
        const { keeper, guard } = spoolState(run.spool)
        const left = membersOf(group).map((each) => each.replace(/^(\d+) .*(sleep 5)$/, '$1 $2'))
        const known = [`${keeper} `, `${guard} `]
        const others = left.filter((each) => !known.some((start) => each.startsWith(start)))
        return guard !== null && others.length === 1 && others[0]?.endsWith('sleep 5')
      })
      expect(membersOf(run.said.pid).length).toBeGreaterThan(0)
      await run.stop(1_000)
    })
  },
)

it('stop gives the command its time and no more on a busy host, where each look at the processes takes long', async () => {
  const bin = join(home, 'busy')
  const looks = join(home, 'looks')
  await mkdir(bin)
  const busy = `#!/bin/sh\nPATH=\${PATH#*:}\necho look >>${looks}\nsleep 0.4\nexec ps "$@"\n`
  writeFileSync(join(bin, 'ps'), busy, { mode: 0o755 })
  const host = localHost(['dash'], { HOME: home, PATH: `${bin}:${path('dash')}` })
  const run = await start(host, 'trap "" TERM; echo ready; while :; do sleep 0.1; done')
  await until('it is deaf', () => run.said.out === 'ready\n')
  expect(await run.stop(2_000)).toMatchObject({ kind: 'empty', killed: true })
  await run.done
  const count = readFileSync(looks, 'utf8').split('\n').length
  // One each tenth of a second would be more than 20 before the KILL.
  expect(count).toBeGreaterThan(2)
  expect(count).toBeLessThan(16)
})

it('a host that could hold a command is not asked again on the same connection, and is on another', async () => {
  const bin = join(home, 'asked')
  const looks = join(home, 'looks-at-disk')
  await mkdir(bin)
  writeFileSync(join(bin, 'df'), `#!/bin/sh\necho >>${looks}\nPATH=\${PATH#*:}\nexec df "$@"\n`, {
    mode: 0o755,
  })
  const host = () => localHost(['dash'], { HOME: home, PATH: `${bin}:${path('dash')}` })
  const one = host()
  for (const local of [one, one, host()])
    expect((await runToEnd(local, 'exit 3')).said.code).toBe(3)
  expect(statSync(looks).size).toBe(2)
})

it('what a login shell prints is no byte of the command, and moves none', async () => {
  const noise = 'echo Welcome; echo to the machine >&2; exec dash -s'
  const local = localHost(['dash', '-c', noise, 'sh'], { HOME: home })
  const { said, run } = await runToEnd(local, 'echo one; echo two; echo err >&2')
  expect(said).toMatchObject({ out: 'one\ntwo\n', err: 'err\n', code: 0 })
  const again = await readOn(local, run.name, { outBytes: 4, errBytes: 4, startedAt: 'x' })
  expect(again.said).toMatchObject({ out: 'two\n', err: '', code: 0 })
  expect(again.said.kinds).not.toContain('gap')
})

it('a session that breaks off after such words may have started the command, one that ends has not', async () => {
  const after = async (shell: string) =>
    (await start(localHost(['dash', '-c', shell], { HOME: home }), 'echo no')).done
  expect(await after('echo Welcome; kill -KILL $$')).toMatchObject({ kinds: ['cut'] })
  expect(await after('echo Welcome; exit 3')).toMatchObject({
    kinds: ['failed'],
    error: { code: 'start-failed' },
  })
})

it('a home that cannot be written is no place for a durable run', async () => {
  const closed = join(home, 'closed')
  await mkdir(closed)
  await chmod(closed, 0o500)
  const local = localHost(['dash'], { HOME: process.getuid?.() === 0 ? '/proc' : closed })
  expect(await (await start(local, 'echo no')).done).toMatchObject({
    kinds: ['unsupported'],
    out: '',
  })
  expect(await readdir(closed)).toEqual([])
})

interface Options {
  readonly name?: string
  readonly merged?: boolean
  readonly spoolBytesMax?: number
}

async function start(
  host: LocalHost,
  command: string,
  { name = randomName(12), merged = false, spoolBytesMax }: Options = {},
) {
  const held = { name, merged, nonce: randomName(16), clock: systemClock }
  const source = await durableMode(command, spoolBytesMax).start(host, held)
  const { said, done } = collectSaid(source.events)
  const spool = join(home, '.local/state/farglass/runs', name)
  return {
    name,
    spool,
    said,
    done,
    stop: (graceMs: number) => source.stop(graceMs),
    release: async () => source.release?.(),
  }
}

async function runToEnd(host: LocalHost, command: string, options: Options = {}) {
  const run = await start(host, command, options)
  return { said: await run.done, run }
}

async function readOn(
  host: LocalHost,
  name: string,
  task: ReadPoint['task'] & { readonly progress?: string },
  how: 'to the end' | 'go' = 'to the end',
) {
  const held = { name, merged: false, nonce: randomName(16), clock: systemClock }
  const source = await durableMode('exit 99').resume?.(host, held, {
    task,
    ...(task.progress === undefined ? {} : { progress: task.progress }),
  })
  if (source === undefined) throw new Error('A durable run can be read on.')
  const { said, done } = collectSaid(source.events)
  if (how === 'to the end') await done
  const kept = (task: ReadPoint['task']) => source.kept?.(task)
  return { said: said as Said, run: { done, kept, stop: (ms: number) => source.stop(ms) } }
}

it('a command whose output nobody fetches is held back, and goes on without a gap once it is fetched', async () => {
  const local = localHost(['dash'], { HOME: home })
  const command =
    'i=0; while [ $i -lt 400 ]; do printf "%01000d\\n" $i; i=$((i+1)); sleep 0.02; done'
  const first = await start(local, command, { spoolBytesMax: 50_000 })
  await until('it prints', () => first.said.out.length > 0)
  local.sessions[0]?.cut()
  await first.done
  const held = `${first.spool}.held`
  await until('it is held', () => existsSync(held))
  const size = statSync(`${first.spool}.out`).size
  expect(size).toBeLessThan(400 * 1_001)
  const at = { outBytes: first.said.out.length, errBytes: 0, startedAt: 'x' }
  const again = await readOn(local, first.name, at, 'go')
  await until('it is fetched', () => again.said.out.length + at.outBytes >= size)
  expect(statSync(`${first.spool}.out`).size).toBe(size)
  let isDone = false
  void again.run.done.then(() => (isDone = true))
  // On a slow machine it is held more than once. Told each time that somebody looks, the session
  // would still be writing that down when its spool is removed.
  let keptBytes = 0
  await until(
    'it has ended',
    () => {
      const outBytes = at.outBytes + again.said.out.length
      if (outBytes > keptBytes) again.run.kept({ outBytes, errBytes: 0, startedAt: 'x' })
      keptBytes = outBytes
      return isDone
    },
    60_000,
  )
  const lines = Array.from({ length: 400 }, (_, i) => `${String(i).padStart(1_000, '0')}\n`).join(
    '',
  )
  expect(first.said.out + again.said.out).toBe(lines)
  expect(again.said.notes).toEqual([expect.stringMatching(/^held: /)])
  expect(again.said.code).toBe(0)
})

it.runIf(canMount)(
  'a command that fills the disk of its host ends with a gap that says so',
  async () => {
    for (const shell of [['dash'], ['bash'], ['busybox', 'sh'], ['mksh']]) {
      await using disk = await mountTmpfs(80)
      const stateHome = join(disk.directory, 'state')
      const local = localHost(shell, { HOME: home, XDG_STATE_HOME: stateHome })
      const fitting = await start(local, 'echo all; exit 3')
      expect(await fitting.done).toMatchObject({ out: 'all\n', notes: [], code: 3 })
      const large = await start(local, 'head -c 100000000 /dev/zero; echo last; exit 4')
      const said = await large.done
      expect(said.out).not.toContain('last')
      expect([said.notes, said.code]).toEqual([[expect.stringMatching(/^gap: the disk/)], 4])
      endDurableRuns(stateHome)
    }
  },
)
