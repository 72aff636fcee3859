/** The archives of Farglass against what every archive promises, and the files of the one on disk. */
import { mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDirectoryArchive } from '../../src/adapters/archive-directory/directory-archive.ts'
import { MemoryArchive } from '../../src/core/store/memory-archive.ts'
import { limits } from '../../src/shared/limits.ts'
import type { PlacedGroup } from '../../src/shared/line-group.ts'
import { testArchive } from './archive.conformance.ts'
import { newRun } from './store.conformance.ts'

testArchive('memory', async () => {
  const archive = new MemoryArchive()
  return Object.assign(archive, { [Symbol.asyncDispose]: async () => {} })
})

testArchive('directory', async () => {
  const directory = await newDirectory()
  const archive = await openDirectoryArchive(directory.path)
  return Object.assign(archive, { [Symbol.asyncDispose]: directory[Symbol.asyncDispose] })
})

test('a file of the archive that is cut, or differs in one byte, is known as damaged', async () => {
  await using directory = await newDirectory()
  const archive = await openDirectoryArchive(directory.path)
  const run = newRun().id
  const range = await archive.put(run, lines)
  const path = join(directory.path, run, '0-2.fgar')
  const whole = await readFile(path)
  for (let at = 0; at < whole.length; at++) {
    const damaged = Buffer.from(whole)
    damaged[at] = (damaged[at] ?? 0) ^ 1
    await writeFile(path, damaged)
    expect(await archive.load(run, range), `byte ${at}`).toBeUndefined()
    await truncate(path, at)
    expect(await archive.load(run, range), `cut at ${at}`).toBeUndefined()
  }
  await writeFile(path, whole)
  expect(await archive.load(run, range)).toHaveLength(1)
  expect(await archive.load(newRun().id, range), 'under another run').toBeUndefined()
})

test('what a node that died has left half written is no range, and goes in the end', async () => {
  await using directory = await newDirectory()
  const archive = await openDirectoryArchive(directory.path)
  const run = newRun().id
  await archive.put(run, lines)
  const [old, young] = ['.new-old', '.new-young'].map((name) => join(directory.path, run, name))
  for (const path of [old, young]) await writeFile(path ?? '', 'half')
  const then = (Date.now() - 2 * limits.archiveLeftoverMs) / 1_000
  await utimes(old ?? '', then, then)
  await archive.put(run, lines)
  expect(await archive.ranges(run)).toEqual([{ from: 0, next: 2 }])
  expect(await readdir(join(directory.path, run))).toEqual(['.new-young', '0-2.fgar'])
})

test('an archive that is away is told from one whose lines are gone', async () => {
  await using directory = await newDirectory()
  const archive = await openDirectoryArchive(directory.path)
  const run = newRun().id
  await archive.put(run, lines)
  // As an unmounted disk leaves it.
  await rm(directory.path, { recursive: true })
  const away = { code: 'store-busy', message: expect.stringContaining('is away') }
  await expect(archive.ranges(run)).rejects.toMatchObject(away)
  await expect(archive.load(run, { from: 0, next: 2 })).rejects.toMatchObject(away)
  await expect(archive.put(run, lines)).rejects.toMatchObject(away)
})

test('a directory of something else is refused as archive', async () => {
  await using directory = await newDirectory()
  await writeFile(join(directory.path, 'thesis.txt'), '')
  await expect(openDirectoryArchive(directory.path)).rejects.toMatchObject({ code: 'store-failed' })
})

const lines: PlacedGroup[] = [
  {
    pos: 0,
    task: 0,
    channel: 'out',
    time: 1,
    count: 2,
    bytes: new TextEncoder().encode('a\nb\n'),
    end: 'newline',
  },
]

async function newDirectory() {
  const path = await mkdtemp(join(tmpdir(), 'farglass-archive-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}
