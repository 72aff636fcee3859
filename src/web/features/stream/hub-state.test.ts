import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sampleRun } from '../../../../test/support/sample-run.ts'
import { type FollowState, follow, startFollowing } from '../../../client/follow-state.ts'
import { AppError } from '../../../shared/errors.ts'
import { limits } from '../../../shared/limits.ts'
import type { LinesEvent, StreamEvent } from '../../../shared/protocol/events.ts'
import type { RunId } from '../../../shared/run.ts'
import { emptyHub, type HubInput, hub, hubAddress, type TabId } from './hub-state.ts'

const time = '2026-01-01T00:00:00.000Z'

function linesOf(run: RunId, pos: number, next: number): LinesEvent {
  const lines = Array.from({ length: next - pos }, (_, at) => `${run} ${pos + at}`)
  return { kind: 'lines', pos, next, groups: [{ task: 0, channel: 'out', time, lines }] }
}

/** A tab as `follow-shared.ts` makes one: it joins, checks, and comes again. */
interface Tab {
  readonly run: RunId
  state: FollowState
  readonly from: number
  readonly texts: string[]
  isIn: boolean
  isDone: boolean
  untaken: number
}

/** A server with growing runs, the hub, and tabs; every step is by hand. */
class World {
  state = emptyHub
  readonly runs = new Map<RunId, { next: number; isEnded: boolean }>()
  readonly tabs = new Map<TabId, Tab>()
  /** Where the open connection stands in each run; null while there is none. */
  connection: Map<RunId, number> | null = null
  isWanted = false

  take(input: HubInput): void {
    const step = hub(this.state, input)
    this.state = step.state
    if (step.next.kind === 'open') {
      this.connection = null
      this.isWanted = true
    }
    if (step.next.kind === 'close') {
      this.connection = null
      this.isWanted = false
    }
    for (const { tab, message } of step.send) {
      const known = this.tabs.get(tab)
      if (known === undefined || !known.isIn) continue
      if (message.kind === 'behind') {
        known.isIn = false
        this.readUp(known, message.next)
      } else if (message.kind === 'event') this.hear(known, message.event, message.chars)
    }
  }

  hear(tab: Tab, event: StreamEvent, chars: number): void {
    const step = follow(tab.state, { kind: 'event', event })
    tab.state = step.state
    tab.untaken += chars
    for (const given of step.deliver) if (given.kind === 'lines') this.keep(tab, given)
    if (step.next.kind === 'done') tab.isDone = true
    if (step.next.kind !== 'read') tab.isIn = false
  }

  keep(tab: Tab, event: LinesEvent): void {
    tab.texts.push(...event.groups.flatMap((group) => [...group.lines]))
  }

  readUp(tab: Tab, until: number): void {
    if (until <= tab.state.cursor) return
    this.keep(tab, linesOf(tab.run, tab.state.cursor, until))
    tab.state = { ...tab.state, cursor: until }
  }

  join(id: TabId): void {
    const tab = this.tabs.get(id)
    if (tab === undefined || tab.isIn || tab.isDone) return
    tab.isIn = true
    tab.untaken = 0
    this.take({ kind: 'leave', tab: id })
    this.take({ kind: 'join', tab: id, run: tab.run, cursor: tab.state.cursor, epochs: [] })
  }

  open(): void {
    if (!this.isWanted || this.state.lanes.size === 0) return
    this.isWanted = false
    this.connection = new Map([...this.state.lanes].map(([run, { cursor }]) => [run, cursor]))
    this.take({ kind: 'opened' })
  }

  /** The connection brings up to `count` lines of a run, or its end. */
  bring(run: RunId, count: number): void {
    const cursor = this.connection?.get(run)
    const truth = this.runs.get(run)
    if (this.connection === null || cursor === undefined || truth === undefined) return
    const next = Math.min(truth.next, cursor + count)
    if (next > cursor) {
      this.connection.set(run, next)
      this.take({
        kind: 'event',
        run,
        event: linesOf(run, cursor, next),
        chars: (next - cursor) * 99,
      })
    } else if (truth.isEnded) {
      const ended = sampleRun({ id: run, state: 'ended', next })
      this.take({ kind: 'event', run, event: { kind: 'end', next, run: ended }, chars: 9 })
    }
  }

  takeAll(): void {
    for (const [id, tab] of this.tabs) {
      this.take({ kind: 'taken', tab: id, chars: tab.untaken })
      tab.untaken = 0
    }
  }
}

describe('the one stream of a browser', () => {
  test('gives every tab every line of its run once and in order, whoever joins, leaves, lags, and whatever breaks', () => {
    const run = fc.constantFrom('ra', 'rb', 'rc')
    const tab = fc.nat(5)
    const action = fc.oneof(
      fc.record({ do: fc.constant('join'), tab }),
      fc.record({ do: fc.constant('leave'), tab }),
      fc.record({ do: fc.constant('grow'), run, count: fc.integer({ min: 1, max: 30_000 }) }),
      fc.record({ do: fc.constant('bring'), run, count: fc.integer({ min: 1, max: 30_000 }) }),
      fc.record({ do: fc.constantFrom('open', 'break', 'bye', 'take') }),
    )
    fc.assert(
      fc.property(fc.array(action, { maxLength: 80 }), fc.array(fc.nat(99)), (actions, froms) => {
        const world = new World()
        for (const id of ['ra', 'rb', 'rc']) world.runs.set(id, { next: 100, isEnded: false })
        for (let id = 0; id < 6; id++) {
          const from = froms[id] ?? 0
          const runId = ['ra', 'ra', 'ra', 'rb', 'rb', 'rc'][id] ?? 'ra'
          const state = startFollowing(from, [])
          world.tabs.set(id, {
            run: runId,
            state,
            from,
            texts: [],
            isIn: false,
            isDone: false,
            untaken: 0,
          })
        }
        for (const each of actions) perform(world, each)
        // In the end everybody is there, and every run ends.
        for (const truth of world.runs.values()) truth.isEnded = true
        for (let round = 0; round < 200; round++) {
          for (const id of world.tabs.keys()) world.join(id)
          world.open()
          for (const id of world.runs.keys()) world.bring(id, 20_000)
          world.takeAll()
        }
        for (const { run: id, from, texts, isDone } of world.tabs.values()) {
          const next = world.runs.get(id)?.next ?? 0
          expect(isDone).toBe(true)
          expect(texts.length).toBe(next - from)
          texts.forEach((text, at) => {
            if (text !== `${id} ${from + at}`) expect(text).toBe(`${id} ${from + at}`)
          })
        }
        expect(world.state.lanes.size).toBe(0)
      }),
      { numRuns: 60 },
    )
  })

  test('a tab that takes nothing holds a bounded share, and the others go on', () => {
    const world = new World()
    world.runs.set('ra', { next: 1_000_000, isEnded: false })
    for (const id of [0, 1]) {
      const state = startFollowing(0, [])
      const tab = { run: 'ra', state, from: 0, texts: [], isIn: false, isDone: false, untaken: 0 }
      world.tabs.set(id, tab)
      world.join(id)
    }
    world.open()
    const sizes: number[] = []
    for (let round = 0; round < 200; round++) {
      world.bring('ra', 1_000)
      world.take({ kind: 'taken', tab: 1, chars: 99_000 })
      sizes.push(world.state.tabs.get(0)?.waiting ?? 0)
    }
    expect(Math.max(...sizes)).toBeLessThanOrEqual(limits.tabCharsMax)
    expect(world.state.tabs.has(0)).toBe(false)
    expect(world.tabs.get(1)?.texts.length).toBe(200_000)
  })

  test('one run that is gone ends its own tabs only', () => {
    let state = emptyHub
    for (const [tab, run] of [
      ['1', 'ra'],
      ['2', 'rb'],
    ] as const) {
      const join = { kind: 'join', tab: Number(tab), run, cursor: 7, epochs: [] } as const
      state = hub(state, join).state
    }
    expect(hubAddress(state)).toBe('/api/v1/stream?runs=ra:7,rb:7')
    const error = new AppError('not-found', 'There is no run with this id.')
    const refused = hub(state, { kind: 'refused', status: 404, error, random: 0 })
    expect(refused.next.kind).toBe('look')
    const runs = new Map([
      ['ra', null],
      ['rb', sampleRun({ id: 'rb', state: 'running', next: 9 })],
    ])
    const step = hub(refused.state, { kind: 'looked', runs })
    expect(step.send).toMatchObject([{ tab: 1, message: { kind: 'failed', code: 'not-found' } }])
    expect(hubAddress(step.state)).toBe('/api/v1/stream?runs=rb:7')
    expect(step.next.kind).toBe('open')
  })

  test('over the limit of runs a tab is refused with a sentence', () => {
    let state = emptyHub
    for (let tab = 0; tab < limits.runsPerStreamMax; tab++) {
      state = hub(state, { kind: 'join', tab, run: `r${tab}`, cursor: 0, epochs: [] }).state
    }
    const step = hub(state, { kind: 'join', tab: 99, run: 'rz', cursor: 0, epochs: [] })
    expect(step.send).toMatchObject([{ message: { kind: 'failed', code: 'too-many-viewers' } }])
    expect(step.state).toBe(state)
  })
})

function perform(
  world: World,
  action: { do: string; tab?: number; run?: string; count?: number },
): void {
  const { tab = 0, run = 'ra', count = 1 } = action
  const known = world.tabs.get(tab)
  const truth = world.runs.get(run)
  switch (action.do) {
    case 'join':
      return world.join(tab)
    case 'leave':
      if (known !== undefined) known.isIn = false
      return world.take({ kind: 'leave', tab })
    case 'grow':
      if (truth !== undefined) truth.next += count
      return
    case 'bring':
      return world.bring(run, count)
    case 'open':
      return world.open()
    case 'take':
      return world.takeAll()
    case 'break':
      if (world.connection === null) return
      return world.take({ kind: 'broken', livedMs: 0, random: 0.5 })
    case 'bye':
      if (world.connection === null) return
      return world.take({ kind: 'event', run: null, event: { kind: 'bye', retryMs: 5 }, chars: 9 })
  }
}
