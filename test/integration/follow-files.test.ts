import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { busyboxTools } from '../support/busybox-tools.ts'
import { FollowedFiles } from '../support/follow-files.ts'
import { type LocalHost, localHost } from '../support/local-host.ts'
import { removeFolderSync } from '../support/remove-folder.ts'
import { until } from '../support/until.ts'

const tools = busyboxTools()
const fewTools = busyboxTools(['stat'])
afterAll(() => {
  tools[Symbol.dispose]()
  fewTools[Symbol.dispose]()
})

interface Kind {
  readonly name: string
  readonly host: () => LocalHost
}

/** Those that differ in all that the script uses. */
const hosts: readonly Kind[] = [
  { name: 'dash', host: () => localHost(['dash']) },
  { name: 'bash', host: () => localHost(['bash']) },
  { name: 'BusyBox alone', host: () => localHost(['/bin/busybox', 'sh'], { PATH: tools.path }) },
]

/** And those that differ in a part of it. */
const allHosts: readonly Kind[] = [
  ...hosts,
  { name: 'busybox sh', host: () => localHost(['busybox', 'sh']) },
  {
    name: 'no stat',
    host: () => localHost(['/bin/busybox', 'sh'], { PATH: fewTools.path }),
  },
  { name: 'mksh', host: () => localHost(['mksh']) },
]

let directory = ''
let file = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fg-follow-'))
  file = join(directory, 'app.log')
  return () => removeFolderSync(directory)
})

function followOn(host: () => LocalHost) {
  return (paths: readonly string[] = [file], lines?: number) =>
    new FollowedFiles({ host: host(), paths, ...(lines === undefined ? {} : { lines }) }).start()
}

/** What rotation does: the file is renamed, and a new one is made by the next write. */
function rotate(to = `${file}.1`): void {
  renameSync(file, to)
}

function gzip(path: string): void {
  execFileSync('gzip', ['-f', path])
}

function copyTruncate(to = `${file}.1`): void {
  copyFileSync(file, to)
  truncateSync(file, 0)
}

describe.each(allHosts)('following files on a host with $name', ({ host }) => {
  const follow = followOn(host)

  it('begins with the last lines and gives what is written then', async () => {
    writeFileSync(file, 'a\nb\nc\n')
    await using followed = await follow([file], 2)
    await followed.shows('b\nc\n')
    appendFileSync(file, 'd\ne')
    await followed.shows('b\nc\nd\n')
    appendFileSync(file, 'e\n')
    await followed.shows('b\nc\nd\nee\n')
  })

  it('goes on after a cut exactly where the last whole line was stored', async () => {
    writeFileSync(file, 'a\n')
    await using followed = await follow()
    await followed.shows('a\n')
    appendFileSync(file, 'b\nhalf')
    await followed.shows('a\nb\n')
    followed.cut()
    appendFileSync(file, ' and half\nc\n')
    await followed.shows('a\nb\nhalf and half\nc\n')
    expect(followed.gaps).toEqual([])
  })

  it('gives late writes to the renamed file', async () => {
    writeFileSync(file, 'a\n')
    await using followed = await follow()
    rotate()
    appendFileSync(`${file}.1`, 'late 1\n')
    await followed.shows('a\nlate 1\n')
    writeFileSync(file, 'new\n')
    await followed.shows('a\nlate 1\nnew\n')
    appendFileSync(`${file}.1`, 'late 2\n')
    await followed.shows('a\nlate 1\nnew\nlate 2\n')
    // Also when it is renamed once more, and when the connection is cut meanwhile.
    renameSync(`${file}.1`, `${file}.2`)
    followed.cut()
    appendFileSync(`${file}.2`, 'late 3\n')
    await followed.shows('a\nlate 1\nnew\nlate 2\nlate 3\n')
    expect(followed.gaps).toEqual([])
  })

  it('follows through copytruncate, seen or during a cut', async () => {
    writeFileSync(file, 'a\n')
    await using followed = await follow()
    await followed.shows('a\n')
    appendFileSync(file, 'b\n')
    copyTruncate()
    appendFileSync(file, 'c is longer\n')
    await followed.shows('a\nb\nc is longer\n')
    followed.cut(300)
    appendFileSync(file, 'd\n')
    renameSync(`${file}.1`, `${file}.2`)
    copyTruncate()
    // Longer than before: size and inode alone would not tell.
    appendFileSync(file, 'e is a longer line than all before it\n')
    await followed.shows('a\nb\nc is longer\nd\ne is a longer line than all before it\n')
    expect(followed.gaps).toEqual([])
  })

  it('reads what was packed before it could be read', async () => {
    const many = Array.from({ length: 40_000 }, (_, at) => `line ${at} of a longer file\n`).join('')
    writeFileSync(file, 'a\n')
    await using followed = await follow()
    await followed.shows('a\n')
    followed.cut(500)
    appendFileSync(file, many)
    rotate()
    gzip(`${file}.1`)
    writeFileSync(file, 'c\n')
    await followed.shows(`a\n${many}c\n`)
    expect(followed.gaps).toEqual([])
  })

  it('gives bytes as they are, whatever they are', async () => {
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, at) => (at * 7919) % 256))
    writeFileSync(file, '')
    await using followed = await follow()
    appendFileSync(file, bytes)
    appendFileSync(file, '\n')
    await until('all is stored', () => followed.text().length === 100_001)
    expect(
      Buffer.from(followed.text(), 'latin1').equals(Buffer.concat([bytes, Buffer.from('\n')])),
    ).toBe(true)
  })

  it('leaves no process behind when the connection is cut', async () => {
    writeFileSync(file, 'a\n')
    const local = host()
    await using followed = await new FollowedFiles({ host: local, paths: [file] }).start()
    await followed.shows('a\n')
    const group = local.sessions[0]?.child.pid ?? 0
    followed.cut(60_000)
    await until('its group is empty', () => {
      const listed = execFileSync('ps', ['-A', '-o', 'pgid=,stat=']).toString()
      return !new RegExp(`^ *${group} [^Z]`, 'm').test(listed)
    })
    await local[Symbol.asyncDispose]()
  })
})

describe.each(hosts)('following many kinds of files on a host with $name', ({ host }) => {
  const follow = followOn(host)

  it('follows through a rename', async () => {
    writeFileSync(file, 'a\n')
    await using followed = await follow()
    appendFileSync(file, 'b\n')
    rotate()
    writeFileSync(file, 'c\n')
    await followed.shows('a\nb\nc\n')
    appendFileSync(file, 'd\n')
    await followed.shows('a\nb\nc\nd\n')
    expect(followed.gaps).toEqual([])
  })

  it('follows through three rotations during one cut, the oldest packed', async () => {
    writeFileSync(file, 'a\n')
    await using followed = await follow()
    await followed.shows('a\n')
    followed.cut(300)
    appendFileSync(file, 'b\n')
    rotate(`${file}.3`)
    gzip(`${file}.3`)
    writeFileSync(`${file}.2`, 'c\n')
    gzip(`${file}.2`)
    writeFileSync(`${file}.1`, 'd\n')
    writeFileSync(file, 'e\n')
    await followed.shows('a\nb\nc\nd\ne\n')
    expect(followed.gaps).toEqual([])
  })

  it('begins with many last lines, however far back they are', async () => {
    const all = Array.from({ length: 30_000 }, (_, at) => `line ${at} of a longer file\n`)
    writeFileSync(file, all.join(''))
    await using followed = await follow([file], 25_000)
    await followed.shows(all.slice(5_000).join(''))
  })

  it('follows date-named rotation', async () => {
    const older = `${file}-20261123`
    writeFileSync(older, 'older\n')
    writeFileSync(file, 'a\n')
    execFileSync('touch', ['-d', '2020-01-01', older])
    await using followed = await follow()
    await followed.shows('a\n')
    appendFileSync(file, 'b\n')
    rotate(`${file}-20261124`)
    writeFileSync(file, 'c\n')
    await followed.shows('a\nb\nc\n')
    followed.cut(300)
    appendFileSync(file, 'c 2\n')
    rotate(`${file}-20261125.log`)
    gzip(`${file}-20261125.log`)
    writeFileSync(file, 'd\n')
    await followed.shows('a\nb\nc\nc 2\nd\n')
    expect(followed.gaps).toEqual([])
  })

  it('follows dates before the extension', async () => {
    writeFileSync(file, 'a\n')
    await using followed = await follow()
    await followed.shows('a\n')
    followed.cut(100)
    appendFileSync(file, 'b\n')
    rotate(join(directory, 'app-20261124.log'))
    writeFileSync(join(directory, 'app-20261125.log'), 'c\n')
    writeFileSync(file, 'd\n')
    await followed.shows('a\nb\nc\nd\n')
    expect(followed.gaps).toEqual([])
  })

  it('tells a gap when the file was cut, and goes on', async () => {
    writeFileSync(file, 'a\nb\n')
    await using followed = await follow()
    await followed.shows('a\nb\n')
    truncateSync(file, 0)
    await until('a gap is told', () => followed.gaps.length === 1)
    appendFileSync(file, 'c\n')
    await followed.shows('a\nb\nc\n')
    expect(followed.gaps).toMatchObject([{ file, from: 4, to: null }])
  })

  it('tells a gap when the file was removed, waits, and reads the next one from its start', async () => {
    writeFileSync(file, 'a\n')
    writeFileSync(`${file}.1`, 'read long ago\n')
    execFileSync('touch', ['-d', '2020-01-01', `${file}.1`])
    await using followed = await follow()
    await followed.shows('a\n')
    rmSync(file)
    await until('a gap is told', () => followed.gaps.length === 1)
    writeFileSync(file, 'b\n')
    await followed.shows('a\nb\n')
  })

  it('waits for a file that appears later, also during a cut', async () => {
    await using followed = await follow()
    expect(followed.notes[0]).toContain('waiting for')
    followed.cut(200)
    writeFileSync(file, 'a\nb\n')
    await followed.shows('a\nb\n')
    expect(followed.gaps).toEqual([])
  })

  it('follows what a glob matches later, but no rotated file twice', async () => {
    writeFileSync(join(directory, 'one.log'), 'a\nb\n')
    await using followed = await follow([join(directory, '*')], 1)
    await followed.shows('b\n')
    writeFileSync(join(directory, 'two.log'), 'c\nd\n')
    await followed.shows('c\nd\n', join(directory, 'two.log'))
    renameSync(join(directory, 'one.log'), join(directory, 'one.log.1'))
    writeFileSync(join(directory, 'one.log'), 'e\n')
    await followed.shows('b\ne\n', join(directory, 'one.log'))
    followed.cut()
    writeFileSync(join(directory, 'three.log'), 'f\n')
    await followed.shows('f\n', join(directory, 'three.log'))
    expect(followed.text(join(directory, 'one.log.1'))).toBe('')
    expect(followed.gaps).toEqual([])
  })

  it('takes any name but one with a newline', async () => {
    const names = [`it's "one".log`, '-n', ' two  blanks ', '$(id)', 'a*b', 'x\\y', "'", '#']
    for (const name of names) writeFileSync(join(directory, name), `in ${name}\n`)
    writeFileSync(join(directory, 'new\nline'), 'not read\n')
    const paths = names.map((name) => join(directory, name))
    await using followed = await follow([...paths, join(directory, '*')])
    for (const [at, path] of paths.entries()) await followed.shows(`in ${names[at]}\n`, path)
    expect(followed.text()).not.toContain('not read')
    expect(followed.notes.join('\n')).toContain('newline')
    for (const path of paths) appendFileSync(path, 'more\n')
    for (const [at, path] of paths.entries()) await followed.shows(`in ${names[at]}\nmore\n`, path)
  })

  it('is not misled by a directory', async () => {
    mkdirSync(file)
    await using followed = await follow()
    await followed.noted('waiting for')
  })
})
