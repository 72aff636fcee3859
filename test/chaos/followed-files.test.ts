/** Followed files through the whole product: rotations under every kind of cut, and an inode that comes again (F26, F27). */
import { existsSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Farglass, startFarglass } from '../support/farglass.ts'
import { differencesOf } from '../support/history-checker.ts'
import {
  type RecordingViewer,
  recordByClient,
  recordByLastEventId,
} from '../support/recording-viewer.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { checkLines, startRotatingLog } from '../support/rotating-log.ts'
import { seededRandom, seedOfProcess } from '../support/seeded-random.ts'
import { type Sshd, startSshd } from '../support/sshd.ts'
import { storedHistory } from '../support/stored-history.ts'
import { tellFigure } from '../support/tell-figure.ts'
import { until } from '../support/until.ts'

const seed = seedOfProcess()
let sshd: Sshd
let server: Farglass
let file: string
let directory: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fg-followed-'))
  file = join(directory, 'app.log')
  sshd = await startSshd()
  server = await startFarglass({ sshConfigFile: sshd.sshConfigFile, auth: 'none' })
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await sshd[Symbol.asyncDispose]()
  await removeFolder(directory)
})

/** Follows the file, and gives the run and who watches it. */
async function follow(lines: number): Promise<{ id: string; viewers: RecordingViewer[] }> {
  const source = { kind: 'files', paths: [file], lines } as const
  const { id } = await server.api.start({ target: sshd.alias, source })
  const viewer = { run: id, baseUrl: server.url }
  const viewers = [
    recordByClient({ ...viewer, who: 'our client' }),
    recordByLastEventId({ ...viewer, who: 'a reader by Last-Event-ID' }),
  ]
  await until(
    'the first line is seen',
    () => viewers.every((one) => textsOf(one).length > 0),
    30_000,
  )
  return { id, viewers }
}

/** Lines of the file that a viewer has got. */
function textsOf({ history }: Pick<RecordingViewer, 'history'>): string[] {
  return history.lines.filter(({ channel }) => channel === 'out').map(({ text }) => text)
}

function gapsOf({ history }: Pick<RecordingViewer, 'history'>): string[] {
  return history.lines
    .filter(({ channel, text }) => channel === 'note' && text.startsWith('gap'))
    .map(({ text }) => text)
}

/** Stops the run and lets the viewers see its end. */
async function end(id: string, viewers: readonly RecordingViewer[]): Promise<void> {
  await server.api.stop(id)
  await Promise.all(viewers.map(({ done }) => done))
}

test('F26: a file that is rotated in all ways while hosts, server and viewers are cut is followed exactly', async () => {
  const random = seededRandom(seed)
  const kinds = ['rename', 'copytruncate', 'gz', 'late']
  await using log = startRotatingLog({ file, linesPerSecond: 1_500, seed, kinds })
  await until('the file is there', () => existsSync(file))
  const { id, viewers } = await follow(1)
  const cuts: [name: string, act: () => Promise<unknown>][] = [
    ['sessions killed', () => sshd.killSessions()],
    ['server killed', () => server.kill('SIGKILL').then(() => server.restart())],
    ['server stopped', () => server.restart()],
    ['viewers dropped', async () => viewers.forEach((viewer) => viewer.drop())],
  ]
  const done: string[] = []
  for (let turn = 0; turn < 14; turn++) {
    await sleep(random.between(200, 2_500))
    const [name, act] = random.pick([['sessions killed', () => sshd.killSessions()], ...cuts])
    await act()
    done.push(name)
  }
  const { lines, rotations } = await log.stop()
  const isWhole = (one: RecordingViewer) => checkLines(textsOf(one), lines).lost === 0
  await until('viewers have the last line', () => viewers.every(isWhole), 60_000).catch(() => {})
  tellFigure(`F26: seed ${seed}: ${lines} lines, ${rotations} rotations, ${done.join(', ')}`)
  await end(id, viewers)
  const store = { history: await storedHistory(server.api, id) }
  for (const one of [store, ...viewers]) {
    expect(gapsOf(one)).toEqual([])
    expect(checkLines(textsOf(one), lines)).toEqual({ lost: 0, duplicated: 0, strange: 0 })
    expect(differencesOf(store.history, one.history)).toEqual([])
  }
}, 180_000)

test('F27: a new file that has the inode of the one before is read from its start', async () => {
  rmSync(file, { force: true })
  writeFileSync(file, numbered('old', 20))
  const { id, viewers } = await follow(20)
  await until('the old lines are seen', () => viewers.every((one) => textsOf(one).length === 20))
  await sshd.stopListener()
  await sshd.killSessions()
  // The rotated file goes, and its number is free; a new file of this file system gets it at once.
  const { ino } = statSync(file)
  renameSync(file, `${file}.1`)
  rmSync(`${file}.1`)
  // More than what was read of the old one, so that size and inode would both fit.
  writeFileSync(file, numbered('new', 200))
  expect(statSync(file).ino).toBe(ino)
  await sshd.startListener()
  const wanted = `${numbered('old', 20)}${numbered('new', 200)}`
  const isWhole = (one: RecordingViewer) => `${textsOf(one).join('\n')}\n` === wanted
  await until('all is seen', () => viewers.every(isWhole), 60_000)
  await end(id, viewers)
  // That the rest of the old file is gone is told, for nobody knows whether there was one.
  expect(viewers.map((one) => gapsOf(one).length)).toEqual([1, 1])
}, 120_000)

function numbered(name: string, count: number): string {
  return Array.from({ length: count }, (_, at) => `${name} line ${at + 1}\n`).join('')
}
