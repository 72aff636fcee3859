/** What happens on the host or to its trust, and how a run tells it (F17, F18, F20 to F23, F25, F51). */
import { execFileSync } from 'node:child_process'
import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import type { Run } from '../../src/shared/run.ts'
import { spoolFiles, spoolsIn } from '../support/durable-runs.ts'
import { type Farglass, startFarglass } from '../support/farglass.ts'
import { bytesOf } from '../support/history-checker.ts'
import { canCapMemory, makeMemoryCap } from '../support/memory-cap.ts'
import { seedOfProcess } from '../support/seeded-random.ts'
import { canMount, mountTmpfs } from '../support/small-disk.ts'
import { type Sshd, type SshdOptions, startSshd } from '../support/sshd.ts'
import { storedHistory } from '../support/stored-history.ts'
import { until } from '../support/until.ts'
import { startWatchedRun } from '../support/watched-run.ts'

const seed = seedOfProcess()

/** A host, a server and nothing else. */
async function startPair(options: SshdOptions = {}) {
  const sshd = await startSshd(options)
  const { sshConfigFile } = sshd
  const server = await startFarglass({ sshConfigFile, auth: 'none' })
  return {
    sshd,
    server,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await sshd[Symbol.asyncDispose]()
    },
  }
}

test('F17: a host that comes back with another key ends the run with the reason, and is sent no login', async () => {
  await using pair = await startPair()
  const { sshd, server } = pair
  const truth = { seed, lines: 5_000, linesPerSecond: 1_000 }
  await using run = await startWatchedRun({ server, target: sshd.alias, ...truth })
  await sshd.stopListener()
  await sshd.changeHostKey()
  const before = (await sshd.log()).length
  await sshd.killSessions()
  await run.reaches('lost', 60_000)
  expect(await run.task()).toMatchObject({ code: 'host-key-changed' })
  const after = (await sshd.log()).slice(before)
  expect(after).toContain('Connection from')
  expect(after).not.toMatch(/userauth-request|Accepted/)
  await until('the command came to its end, untouched', () => run.truth.isDone(), 30_000)
  expect(run.truth.starts()).toBe(1)
}, 120_000)

test('F18: a key that is revoked while a run is read asks for a person, leaves the run alone, and goes on', async () => {
  // No password is taken either, so nobody is asked for one.
  const sshdConfig = ['PasswordAuthentication no', 'KbdInteractiveAuthentication no']
  await using pair = await startPair({ sshdConfig })
  const { sshd, server } = pair
  const truth = { seed, lines: 6_000, linesPerSecond: 1_000 }
  await using run = await startWatchedRun({ server, target: sshd.alias, ...truth })
  const keys = await readFile(sshd.authorizedKeysFile)
  await writeFile(sshd.authorizedKeysFile, '')
  await sshd.killSessions()
  const task = await run.reaches('needs-input', 60_000)
  expect(task.message).toMatch(/refused|accept/)
  await until('the command came to its end, untouched', () => run.truth.isDone(), 30_000)
  await writeFile(sshd.authorizedKeysFile, keys)
  await run.endsExact()
}, 180_000)

test('F20: a host that was started anew makes the run lost; what was stored stays', async () => {
  await using pair = await startPair()
  const { sshd, server } = pair
  const truth = { seed, lines: 60_000, linesPerSecond: 1_000 }
  await using run = await startWatchedRun({ server, target: sshd.alias, ...truth })
  await sshd.stopListener()
  await sshd.killSessions()
  // All that a reboot changes for a run: no process of before lives, and the boot has another name.
  for (const { pid } of sshd.processes()) process.kill(pid, 'SIGKILL')
  for (const spool of spoolsIn(sshd.stateHome)) {
    const state = readFileSync(`${spool}.state`, 'utf8')
    writeFileSync(`${spool}.state`, state.replace(/^boot \S+/m, 'boot another'))
  }
  await sshd.startListener()
  await run.reaches('lost', 60_000)
  expect(await run.task()).toMatchObject({ code: 'host-rebooted' })
  await expectPrefix(server, run.id, run.truth.written().out)
}, 120_000)

/** Whatever is stored of stdout is what was written, from its beginning. */
async function expectPrefix(server: Farglass, id: string, written: Uint8Array): Promise<void> {
  const { lines } = await storedHistory(server.api, id)
  expect(lines.findIndex(({ pos }, at) => pos !== at)).toBe(-1)
  const stored = bytesOf(lines, 'out')
  expect(stored.length).toBeGreaterThan(1_000)
  expect(stored.equals(Buffer.from(written.subarray(0, stored.length)))).toBe(true)
}

/** Starts a command and gives its run once it has ended. */
async function runToEnd({ sshd, server }: { sshd: Sshd; server: Farglass }, command: string) {
  const source = { kind: 'command', command } as const
  const { id } = await server.api.start({ target: sshd.alias, source })
  const look = async (): Promise<Run | false> => {
    const run = await server.api.get(id)
    return run.state === 'ended' && run
  }
  const run = await until('the run ends', look, 60_000)
  const { lines } = await storedHistory(server.api, id)
  const notes = lines.filter(({ channel }) => channel === 'note').map(({ text }) => text)
  return { run, lines, notes }
}

test.runIf(canCapMemory)(
  'F21: a command that the kernel kills for its memory ends by KILL, and says so',
  async () => {
    await using pair = await startPair()
    await using cap = makeMemoryCap(40 * 1024 * 1024)
    const [, , words = ''] = cap.words
    const into = words.replace('; exec "$@"', '')
    const eater = "python3 -c 'b = bytearray(300 * 1024 * 1024); print(len(b))'"
    const { run, notes } = await runToEnd(pair, `${into}; echo before; exec ${eater}`)
    expect(cap.kills()).toBe(1)
    expect(run).toMatchObject({ outcome: 'failed' })
    expect(run.tasks[0]).toMatchObject({ state: 'ended', signal: 'KILL' })
    expect(notes.at(-1)).toMatch(/^exited 137 \(KILL\)/)
  },
)

test('F22: a spool that is deleted while it is away is told as a gap, and the run is lost', async () => {
  await using pair = await startPair()
  const { sshd, server } = pair
  const truth = { seed, lines: 60_000, linesPerSecond: 1_000 }
  await using run = await startWatchedRun({ server, target: sshd.alias, ...truth })
  await sshd.stopListener()
  await sshd.killSessions()
  for (const spool of spoolsIn(sshd.stateHome)) {
    for (const file of spoolFiles(spool)) await rm(`${spool}.${file}`)
  }
  await sshd.startListener()
  await run.reaches('lost', 60_000)
  await until('a gap is told', () => run.notes().some((note) => note.startsWith('gap: ')))
  await expectPrefix(server, run.id, run.truth.written().out)
  expect((await server.api.list({ limit: 1 })).length).toBe(1)
}, 120_000)

test('F22: output that is cut on the host while it is away is told as a gap, and the run goes on', async () => {
  await using pair = await startPair()
  const { sshd, server } = pair
  const truth = { seed, lines: 10_000, linesPerSecond: 1_000 }
  await using run = await startWatchedRun({ server, target: sshd.alias, ...truth })
  await sshd.stopListener()
  await sshd.killSessions()
  await until('the command has written all', () => run.truth.isDone(), 30_000)
  const [spool = ''] = spoolsIn(sshd.stateHome)
  truncateSync(`${spool}.out`, 100)
  await sshd.startListener()
  await until('the run ends', async () => (await run.state()).state === 'ended', 90_000)
  await Promise.all(run.viewers.map(({ done }) => done))
  expect(run.notes().filter((note) => note.startsWith('gap: ')).length).toBeGreaterThan(0)
  expect(await run.task()).toMatchObject({ state: 'ended', exitCode: 0 })
}, 120_000)

test('F22: output that is cut while it is away and has grown over the known byte again is told, and the run goes on', async () => {
  await using pair = await startPair()
  const { sshd, server } = pair
  const truth = { seed, lines: 15_000, linesPerSecond: 1_000 }
  await using run = await startWatchedRun({ server, target: sshd.alias, ...truth })
  await sshd.stopListener()
  await sshd.killSessions()
  await run.reaches('reconnecting', 30_000)
  const known = (await run.task()).outBytes
  const [spool = ''] = spoolsIn(sshd.stateHome)
  const file = `${spool}.out`
  truncateSync(file, 0)
  await until('it has grown again', () => statSync(file).size > known + 1_000, 30_000)
  await sshd.startListener()
  await until('the run ends', async () => (await run.state()).state === 'ended', 90_000)
  await Promise.all(run.viewers.map(({ done }) => done))
  expect(run.notes().filter((note) => note.startsWith('gap: '))).toEqual([
    expect.stringMatching(
      new RegExp(`bytes before ${known} of stdout .* has grown over this byte`),
    ),
  ])
  expect(await run.task()).toMatchObject({ state: 'ended', exitCode: 0 })
}, 120_000)

test.runIf(canMount)(
  'F23: a command whose host has no room left gets the error, and ends as it decides',
  async () => {
    await using disk = await mountTmpfs(80)
    await using pair = await startPair({ stateHome: disk.directory })
    // The 80 MB are full long before the last number.
    const { run, lines } = await runToEnd(pair, 'seq -f %0999.0f 1 1000000 || exit 5')
    expect(run.tasks[0]).toMatchObject({ state: 'ended', exitCode: 5 })
    const numbers = lines.filter(({ channel, end }) => channel === 'out' && end === undefined)
    expect(numbers.length).toBeGreaterThan(50_000)
    expect(numbers.findIndex(({ text }, at) => Number(text) !== at + 1)).toBe(-1)
    expect(
      await until('the host has its room again', () => spoolsIn(disk.directory).length === 0),
    ).toBe(true)
  },
)

test('F25: a child that stays in the background does not hold the run, and is named', async () => {
  await using pair = await startPair()
  const { run, notes } = await runToEnd(pair, 'echo out; sleep 1000 & echo last; exit 4')
  expect(run.tasks[0]).toMatchObject({ state: 'ended', exitCode: 4 })
  expect(run.lines).toBe(2)
  expect(notes.some((note) => note.startsWith('background: 1 process '))).toBe(true)
  expect(pair.sshd.processes().some(({ command }) => command === 'sleep 1000')).toBe(true)
})

test('F51: a stop of a command that ignores TERM and has a zombie in its group is proved by KILL', async () => {
  await using pair = await startPair()
  const { sshd, server } = pair
  // The parent leaves the group and never asks for its child, so that stays in it as a zombie.
  const parent =
    'import os, time; child = os.fork(); child or os._exit(0); os.setsid(); time.sleep(600)'
  const command = `trap '' TERM; python3 -c '${parent}' & echo "up $$"; while :; do sleep 1; done`
  const source = { kind: 'command', command } as const
  const { id } = await server.api.start({ target: sshd.alias, source })
  const group = await until('the command is up', async () => {
    const { lines } = await server.api.lines(id, 0, 10)
    return (
      Number(/^up (\d+)/.exec(lines.find(({ channel }) => channel === 'out')?.text ?? '')?.[1]) ||
      false
    )
  })
  await until('its zombie is there', () => zombiesOf(group).length > 0)
  await server.api.stop(id)
  const isEnded = async () => (await server.api.get(id)).state === 'ended'
  await until('the run ends', isEnded, 60_000)
  const { outcome, tasks } = await server.api.get(id)
  expect([outcome, tasks[0]?.exitCode, tasks[0]?.signal]).toEqual(['stopped', 137, 'KILL'])
  expect(zombiesOf(group).length).toBeGreaterThan(0)
  const { lines } = await storedHistory(server.api, id)
  const proof = lines.find(
    ({ channel, text }) => channel === 'note' && text.startsWith('stopped: '),
  )
  expect(proof?.text).toMatch(
    / gone \(KILL was needed\); of those that have left its group there live on: \d+$/,
  )
}, 120_000)

/** Processes of a group that have ended and were not asked for. */
function zombiesOf(group: number): string[] {
  const all = execFileSync('ps', ['-A', '-o', 'pgid=,stat=,pid='], { encoding: 'utf8' })
  return all.split('\n').filter((line) => new RegExp(`^ *${group} Z`).test(line))
}
