import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type FollowFrame, FollowFrames } from './follow-frames.ts'

const text = (value: string) => new TextEncoder().encode(value)
const ready = '\u001eabc ready\n'

/** All frames, with the bytes handed over in pieces of these lengths, again and again. */
function parse(bytes: Uint8Array, cuts: readonly number[] = [bytes.length]): FollowFrame[] {
  const parser = new FollowFrames('abc')
  const frames: FollowFrame[] = []
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const length = Math.max(1, cuts[turn % cuts.length] ?? 1)
    frames.push(...parser.push(bytes.subarray(at, at + length)))
    at += length
  }
  return frames
}

const session = text(
  [
    'Welcome to the host!\nno newline' + ready,
    '@h /home/ops|\n',
    '@e 1 131072 12 1795597990.123 /var/log/it is "this"|.log|\n@u 1 /var/log/secret|\n@. 1 2\n',
    '@z 2 700\n@d 2 0 700 0 3 0 4\n@k 2\n@k 2\n@. 2 0\n',
    '@d 3 131072 12 1795597990 0 4 9\n@x 3\n@d 9\n@x 3\n@g 4\n@s 3 0 0 0\n',
  ].join(''),
)

describe('the frames of a follow', () => {
  it('gives what the host has sent, and skips the words of a login script', () => {
    expect(parse(session)).toMatchObject([
      { kind: 'home', path: '/home/ops' },
      {
        kind: 'entry',
        id: 1,
        entry: {
          inode: '131072',
          size: 12,
          modified: 1795597990.123,
          path: '/var/log/it is "this"|.log',
        },
      },
      { kind: 'unreadable', id: 1, path: '/var/log/secret' },
      { kind: 'end', id: 1, refused: 2 },
      { kind: 'total', id: 2, bytes: 700 },
      { kind: 'data', id: 2, part: { from: 3, overlap: 0, bytes: text('@k 2') } },
      { kind: 'broken' },
    ])
  })

  it('takes bytes that look like frames as bytes', () => {
    const frames = parse(text(`${ready}@d 3 7 12 5 0 4 9\n@x 3\n@d 9@k 3\n`))
    expect(frames).toMatchObject([
      { kind: 'data', id: 3, part: { inode: '7', overlap: 4, bytes: text('@x 3\n@d 9') } },
      { kind: 'keep', id: 3 },
    ])
  })

  it('gives the same however the bytes are cut', () => {
    const whole = parse(session)
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 }),
        (cuts) => {
          expect(parse(session, cuts)).toEqual(whole)
        },
      ),
    )
  })

  it('never throws, and says that it is no such protocol', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.array(
          fc.constantFrom('@d 1 2 3 4 5 0 3\n', '@k 1\n', '@e 1 2 3 4 /x|\n', '@d 1 2 3 4 5 9 3\n'),
        ),
        (noise, lines) => {
          const bytes = new Uint8Array([...text(ready + lines.join('')), ...noise, 10, 10])
          const frames = parse(bytes, [7])
          expect(frames.filter(({ kind }) => kind === 'broken').length).toBeLessThanOrEqual(1)
        },
      ),
    )
  })

  it('gives up on a host that never answers, and on lines and frames that are too long', () => {
    expect(parse(text('word\n'.repeat(20_000))).map(({ kind }) => kind)).toEqual(['broken'])
    expect(parse(text('x'.repeat(10_000))).map(({ kind }) => kind)).toEqual(['broken'])
    const long = parse(text(`${ready}@d 1 2 3 4 5 0 400000\n`))
    expect(long.map(({ kind }) => kind)).toEqual(['broken'])
  })
})
