import { describe, expect, it } from 'vitest'
import { limits } from '../../shared/limits.ts'
import { noProgress } from './files-progress.ts'
import { FilesSession } from './files-session.ts'

function session(paths: readonly string[]) {
  return new FilesSession({ paths, lines: 10, progress: noProgress, now: () => 0 })
}

const entry = (path: string) => ({ inode: '7', size: 0, modified: 1, path })

describe('a session of followed files', () => {
  it('follows no more files than the limit, and says so', () => {
    const files = session(['/var/log/*'])
    const { commands } = files.take({ kind: 'home', path: '/root' })
    const id = commands.find(({ kind }) => kind === 'list')
    if (id?.kind !== 'list') throw new Error('Nothing was asked for.')
    for (let number = 0; number <= limits.followedFilesMax; number += 1) {
      files.take({ kind: 'entry', id: id.id, entry: entry(`/var/log/${number}.log`) })
    }
    const { events, commands: asked } = files.take({ kind: 'end', id: id.id, refused: 0 })
    expect(asked).toHaveLength(limits.followedFilesMax)
    expect(events).toEqual([
      { kind: 'note', text: expect.stringMatching(/^gap: more files match than can be followed/) },
    ])
  })

  it('has begun when every file has its first position, and not before', () => {
    const files = session(['~/app.log'])
    const { commands } = files.take({ kind: 'home', path: '/home/ops' })
    expect(commands).toEqual([{ kind: 'siblings', id: 1, path: '/home/ops/app.log' }])
    expect(files.isBegun).toBe(false)
    const { events } = files.take({ kind: 'end', id: 1, refused: 0 })
    expect(events.map(({ kind }) => kind)).toEqual(['position', 'note', 'begun'])
    expect(files.isBegun).toBe(true)
  })

  it('rings the bell for all files, once they are known', () => {
    const files = session(['/a', '/b'])
    files.take({ kind: 'home', path: '/root' })
    expect(files.dueMs).toBe(0)
    expect(files.tick().commands).toEqual([{ kind: 'bell', paths: ['/a', '/b'] }])
    expect(files.dueMs).toBeNull()
  })

  it('takes answers that nobody waits for, and frames of no protocol', () => {
    const files = session(['/a'])
    files.take({ kind: 'home', path: '/root' })
    for (const frame of [
      { kind: 'keep', id: 99 },
      {
        kind: 'data',
        id: 1,
        part: { ...entry('/a'), from: 0, overlap: 0, bytes: new Uint8Array(3) },
      },
      { kind: 'changed', id: 1, state: entry('/a') },
      { kind: 'broken', why: 'no reason' },
    ] as const) {
      expect(files.take(frame)).toEqual({ events: [], commands: [] })
    }
  })
})
