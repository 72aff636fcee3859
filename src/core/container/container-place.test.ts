import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { SourceChannel } from '../../shared/channel.ts'
import { limits } from '../../shared/limits.ts'
import { ContainerPlace } from './container-place.ts'
import { decodeContainerProgress, encodeContainerProgress } from './container-progress.ts'
import { stampOf } from './log-stamp.ts'

interface Printed {
  readonly channel: SourceChannel
  readonly stamp: string
  /** Of its last part, where the engine has read it in parts. */
  readonly lastStamp: string
  readonly number: number
}

/** Stamps never go back, and often stand still. Some lines begin at one time and end at a later one. */
const output = fc
  .array(
    fc.record({
      isErr: fc.boolean(),
      step: fc.constantFrom(0, 0, 0, 1),
      partStep: fc.constantFrom(0, 0, 0, 1),
    }),
    { maxLength: 60 },
  )
  .map((steps) => {
    let time = 100
    return steps.map(({ isErr, step, partStep }, number): Printed => {
      time += step
      const stamp = stampOf(time)
      time += partStep
      return { channel: isErr ? 'err' : 'out', stamp, lastStamp: stampOf(time), number }
    })
  })

/** As an engine gives them: of a line that began earlier only the last part, with the stamp of that. */
function givenSince(printed: readonly Printed[], since: string): readonly Printed[] {
  return printed.flatMap((line) => {
    if (line.stamp >= since) return [line]
    return line.lastStamp >= since ? [{ ...line, stamp: line.lastStamp, number: partOfLine }] : []
  })
}

const partOfLine = -1

/** A session in which each channel is cut somewhere: how many of its lines still came. */
const cuts = fc.array(fc.record({ out: fc.nat(20), err: fc.nat(20) }), { maxLength: 8 })

it('each line is taken once, however often the two channels are cut', () => {
  fc.assert(
    fc.property(output, cuts, (printed, sessions) => {
      const stored: Record<SourceChannel, number[]> = { out: [], err: [] }
      let place = ContainerPlace.begin(7, stampOf(100))
      for (const session of [...sessions, { out: 1_000, err: 1_000 }]) {
        const { since } = place
        const given = givenSince(printed, since)
        for (const channel of ['out', 'err'] as const) {
          for (const line of of(given, channel).slice(0, session[channel])) {
            const news = place.take(channel, line.stamp, 1)
            expect(news).not.toBe('after-gap')
            if (news === 'new') stored[channel].push(line.number)
          }
        }
        const kept = decodeContainerProgress(encodeContainerProgress(place.progress))
        if (kept === undefined) throw new Error('The progress cannot be read.')
        place = ContainerPlace.resume(kept)
      }
      for (const channel of ['out', 'err'] as const) {
        expect(stored[channel]).toEqual(of(printed, channel).map(({ number }) => number))
      }
    }),
  )
})

it('a silent channel does not make everything come again: it is passed by, and misses nothing', () => {
  const bytes = limits.containerSkewBytes / 4
  const place = ContainerPlace.begin(7, stampOf(100))
  for (let at = 0; at < 40; at += 1) place.take('out', stampOf(100 + at), bytes)
  expect(place.since >= stampOf(130)).toBe(true)
  expect(place.since <= stampOf(136)).toBe(true)
  // What the other pipe still held was printed after that.
  expect(place.take('err', stampOf(136), 10)).toBe('new')
})

it('a line that is not there any more is a gap, told once', () => {
  const known = { stamp: stampOf(100), count: 2 }
  const none = { stamp: stampOf(100), count: 0 }
  const place = ContainerPlace.resume({ container: 7, out: known, err: none })
  expect(place.take('out', stampOf(100), 1)).toBe('known')
  expect(place.take('out', stampOf(101), 1)).toBe('after-gap')
  expect(place.take('out', stampOf(102), 1)).toBe('new')
  expect(place.take('err', stampOf(100), 1)).toBe('new')
})

function of(lines: readonly Printed[], wanted: SourceChannel): readonly Printed[] {
  return lines.filter(({ channel }) => channel === wanted)
}
