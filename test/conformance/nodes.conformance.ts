/** What nodes promise, and the bell between them, as suites over factories. */
import { describe, expect, test } from 'vitest'
import type { FiringBell } from '../../src/core/nodes/firing-bell.ts'
import type { NodeRequest, Nodes } from '../../src/core/nodes/nodes.ts'
import type { RunNews, RunWatch } from '../../src/core/nodes/run-watch.ts'
import type { RunWord, RunWords } from '../../src/core/nodes/run-words.ts'
import { AppError } from '../../src/shared/errors.ts'
import { until } from '../support/until.ts'
import { addRun, appendTo, lines, newId, type TestedStore } from './store.conformance.ts'

export interface TestedNodes extends AsyncDisposable {
  join(): Promise<Nodes>
  /** As when its process dies: it does not say that it leaves. */
  kill(node: Nodes): void
}

export function testNodes(name: string, open: () => Promise<TestedNodes>): void {
  describe(`${name}: nodes`, () => {
    testLives(open)
    testAsks(open)
  })
}

function testLives(open: () => Promise<TestedNodes>): void {
  test('know each other while they live, by names that differ', async () => {
    await using nodes = await open()
    const [one, two] = [await nodes.join(), await nodes.join()]
    expect(one.own).not.toBe(two.own)
    for (const node of [one, two]) {
      expect(await node.isAlive(one.own)).toBe(true)
      expect(await node.isAlive(two.own)).toBe(true)
    }
  })

  test('know at once who has left, and soon who has died', async () => {
    await using nodes = await open()
    const [one, two, three] = [await nodes.join(), await nodes.join(), await nodes.join()]
    await two[Symbol.asyncDispose]()
    expect(await one.isAlive(two.own)).toBe(false)
    nodes.kill(three)
    await until('the dead one is noticed', async () => !(await one.isAlive(three.own)))
    expect(await one.isAlive(one.own)).toBe(true)
  })

  test('take a name that nobody has for a dead one', async () => {
    await using nodes = await open()
    const one = await nodes.join()
    await until('it counts as dead', async () => !(await one.isAlive('nobody-00000')))
  })
}

function testAsks(open: () => Promise<TestedNodes>): void {
  const answer: NodeRequest = {
    kind: 'answer',
    run: newId(),
    task: 3,
    answer: { kind: 'secret', question: 7, secret: 'pä"ss\n' },
  }

  test('carry out what they are asked for, and answer when it is done', async () => {
    await using nodes = await open()
    const [one, two] = [await nodes.join(), await nodes.join()]
    const heard: NodeRequest[] = []
    two.serve(async (request) => {
      heard.push(request)
    })
    await one.ask(two.own, answer)
    await one.ask(two.own, { kind: 'stop', run: answer.run })
    expect(heard).toEqual([answer, { kind: 'stop', run: answer.run }])
  })

  test('refuse with the words of who was asked', async () => {
    await using nodes = await open()
    const [one, two] = [await nodes.join(), await nodes.join()]
    two.serve(async () => {
      throw new AppError('bad-request', 'Not like this.', { hint: 'Like that.' })
    })
    const refused = { code: 'bad-request', message: 'Not like this.', hint: 'Like that.' }
    await expect(one.ask(two.own, answer)).rejects.toMatchObject(refused)
  })

  test('say so in time when who is asked takes nothing, is gone, or never was', async () => {
    await using nodes = await open()
    const [one, two, three] = [await nodes.join(), await nodes.join(), await nodes.join()]
    nodes.kill(three)
    for (const name of [two.own, three.own, 'nobody-00000']) {
      await expect(one.ask(name, answer)).rejects.toMatchObject({ code: 'conflict' })
    }
  })
}

export interface TestedWords extends AsyncDisposable {
  readonly own: RunWords
  readonly other: RunWords
}

export function testWords(name: string, open: () => Promise<TestedWords>): void {
  test(`${name}: who hears of a run hears every word of other nodes about it, and none of others`, async () => {
    await using tested = await open()
    const [run, silent] = [newId(), newId()]
    const heard: RunWord[] = []
    using leave = aborter()
    tested.other.hear(run, (word) => heard.push(word), leave.signal)
    tested.other.hear(silent, ({ kind }) => expect(kind).toBe('marks'), leave.signal)
    const viewers = { kind: 'viewers', node: 'one-1', count: 3, names: ['Ann'] } as const
    await until('it is heard', () => {
      tested.own.say(run, viewers)
      return heard.some(({ kind }) => kind === 'viewers')
    })
    expect(heard).toContainEqual(viewers)
    const marks = heard.filter(({ kind }) => kind === 'marks').length
    tested.own.say(run, { kind: 'marks' })
    await until('marks too', () => heard.filter(({ kind }) => kind === 'marks').length > marks)
  })
}

export interface TestedFirings extends AsyncDisposable {
  readonly own: FiringBell
  readonly other: FiringBell
}

export function testFirings(name: string, open: () => Promise<TestedFirings>): void {
  test(`${name}: who hears of firings is rung for by every node, and no more once it has left`, async () => {
    await using tested = await open()
    const rings = { own: 0, other: 0 }
    using leave = aborter()
    using stay = aborter()
    tested.own.hear(() => (rings.own += 1), stay.signal)
    tested.other.hear(() => (rings.other += 1), leave.signal)
    for (const ringer of [tested.own, tested.other]) {
      const before = { ...rings }
      await until('both are rung for', () => {
        ringer.ring()
        return rings.own > before.own && rings.other > before.other
      })
    }
    leave[Symbol.dispose]()
    const left = rings.other
    const before = rings.own
    await until('who stays is rung for', () => {
      tested.other.ring()
      return rings.own > before + 2
    })
    expect(rings.other).toBe(left)
  })
}

export interface TestedWatch extends AsyncDisposable {
  readonly store: TestedStore
  /** Of the process that changes runs, and of the one that hears of it. */
  readonly own: RunWatch
  readonly other: RunWatch
  /** Whether unfinished lines are heard. */
  readonly tells: boolean
}

export function testWatch(name: string, open: () => Promise<TestedWatch>): void {
  describe(`${name}: bell of runs`, () => {
    testBell(open)
  })
}

function testBell(open: () => Promise<TestedWatch>): void {
  test('rings after an append, a save and a taking over', async () => {
    await using tested = await open()
    const { store, other } = tested
    const run = await addRun(store)
    const heard: RunNews[] = []
    using leave = aborter()
    other.watch(run.id, (news) => heard.push(news), leave.signal)
    const state = { state: 'stopping', outcome: null, endedAt: null } as const
    const changes = [
      () => store.log.append(appendTo(run, 0, lines('a'))),
      () => store.catalog.save({ run: run.id, epoch: 1, tasks: [], state }),
      () => store.catalog.acquire(run.id, 'new', 1),
    ]
    for (const change of changes) {
      const before = heard.length
      await change()
      await until('the bell rings', () => heard.length > before)
    }
  })

  test('rings for those who watch, for each of them, and not after they have left', async () => {
    await using tested = await open()
    const { store, other } = tested
    const [run, silent] = [await addRun(store), await addRun(store)]
    const heard = { one: 0, two: 0 }
    using one = aborter()
    using two = aborter()
    other.watch(run.id, () => heard.one++, one.signal)
    other.watch(run.id, () => heard.two++, two.signal)
    await store.log.append(appendTo(run, 0, lines('a')))
    await until('both hear it', () => heard.one > 0 && heard.two > 0)
    one.abort()
    const { one: last, two: before } = heard
    await store.log.append(appendTo(run, 1, lines('b')))
    await until('the other one still hears it', () => heard.two > before)
    expect(heard.one).toBe(last)
    two.abort()
    const late = heard.two
    other.watch(run.id, () => heard.two++, two.signal)
    await store.log.append(appendTo(silent, 0, lines('c')))
    expect(heard.two).toBe(late)
  })

  test('carries unfinished lines as they are, where they are heard at all', async () => {
    await using tested = await open()
    const { store, own, other, tells } = tested
    const run = await addRun(store)
    const heard: RunNews[] = []
    using leave = aborter()
    other.watch(run.id, (news) => heard.push(news), leave.signal)
    await store.log.append(appendTo(run, 0, lines('a')))
    await until('the bell rings', () => heard.length > 0)
    const partial = {
      kind: 'partial',
      at: 1,
      task: 0,
      channel: 'out',
      text: 'ä "0%\u001b',
    } as const
    own.tell(run.id, partial)
    own.tell(run.id, { ...partial, text: '' })
    await store.log.append(appendTo(run, 1, lines('b')))
    const before = heard.filter((news) => news.kind !== 'partial').length
    await until(
      'the bell rings',
      () => heard.filter((news) => news.kind !== 'partial').length >= before,
    )
    if (!tells) return
    await until('both are heard', () => heard.filter(({ kind }) => kind === 'partial').length === 2)
    const partials = heard.filter(({ kind }) => kind === 'partial')
    expect(partials).toEqual([partial, { ...partial, text: '' }])
  })
}

function aborter(): AbortController & Disposable {
  const controller = new AbortController()
  return Object.assign(controller, { [Symbol.dispose]: () => controller.abort() })
}
