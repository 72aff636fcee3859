/** Several nodes on one store: any node serves any viewer of any run, and what a dead one carried goes on. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { FeedItem } from '../../src/core/runs/run-service.ts'
import type { LocalRunService } from '../../src/core/runs/run-service-parts.ts'
import { figureOf } from '../support/figures.ts'
import { localHosts } from '../support/local-hosts.ts'
import { memoryCluster } from '../support/memory-cluster.ts'
import { command, linesOf } from '../support/run-service.ts'
import { patienceMs, until } from '../support/until.ts'

test('a run is seen live at every node, by who was there from the start and by who joins late', async () => {
  await using cluster = memoryCluster(localHosts())
  const [one, two] = [await cluster.start('one'), await cluster.start('two')]
  const { id } = await one.start(
    durable('for i in $(seq 60); do echo $i; sleep 0.02; done; exit 4'),
  )
  const early = [watch(one, id), watch(two, id)]
  await until('half of it is there', async () => (await two.get(id)).lines > 20)
  const late = [watch(two, id), watch(two, id, 11)]
  const [atOne, ...others] = await Promise.all([...early, ...late].map(({ done }) => done))
  expect(atOne?.lines.filter(([, channel]) => channel === 'out')).toHaveLength(60)
  for (const other of others) expect(other?.lines).toEqual(atOne?.lines.slice(other?.from))
  for (const seen of [atOne, ...others]) {
    expect(seen?.last).toMatchObject({ kind: 'end', run: { outcome: 'failed' } })
  }
})

test('what a task asks is shown and answered at another node, and so is the wish to stop', async () => {
  let answered = ''
  const hosts = localHosts(async (request, signal) => {
    const asked = { kind: 'secret', ask: 'password', prompt: 'p', echo: false, refused: 0 } as const
    const answer = await request.ask(asked, signal)
    if (answer.kind === 'secret') answered = answer.secret
  })
  await using cluster = memoryCluster(hosts)
  const [one, two] = [await cluster.start('one'), await cluster.start('two')]
  const { id } = await one.start(command('printf "name: "; exec sleep 60'))
  const seen = watch(two, id)
  const question = await until('the question is seen at the other node', () =>
    seen.items.flatMap((item) => (item.kind === 'task' ? [item.task.question] : [])).at(-1),
  )
  await two.answer(id, 0, { kind: 'secret', question: question?.id ?? 0, secret: 's3' })
  await until('the unfinished line is seen there', () => partialsOf(seen.items).at(-1))
  expect(partialsOf(seen.items)).toEqual(['name: '])
  expect(answered).toBe('s3')
  await two.stop(id)
  expect((await seen.done).last).toMatchObject({ kind: 'end', run: { outcome: 'stopped' } })
  const late = two.answer(id, 0, { kind: 'cancel', question: 1 })
  await expect(late).rejects.toMatchObject({ code: 'conflict' })
})

test('who watches is counted over all nodes, and a line that is marked at one is marked at the others', async () => {
  await using cluster = memoryCluster(localHosts())
  const [one, two] = [await cluster.start('one'), await cluster.start('two')]
  const { id } = await one.start(durable('echo begun; exec sleep 60'))
  const atOne = watch(one, id)
  await until('it is begun', () => textsOf(atOne.items).includes('begun'))
  const leave = new AbortController()
  const guest: FeedItem[] = []
  const follow = async () => {
    for await (const item of two.follow(id, 0, leave.signal)) guest.push(item)
  }
  const forget = two.name(id, 'Ann')
  const left = follow()
  // Farglass itself, grouping the tasks for instance, is nobody who watches.
  const silent = two.readAlong(id, leave.signal)[Symbol.asyncIterator]()
  await silent.next()
  const countsOf = (items: readonly FeedItem[]) =>
    items.flatMap((item) => (item.kind === 'viewers' ? [item.count] : []))
  await until('both hear of two', () =>
    [atOne.items, guest].every((all) => countsOf(all).at(-1) === 2),
  )
  const names = atOne.items.flatMap((item) => (item.kind === 'viewers' ? [item.names] : []))
  expect(names.at(-1)).toEqual(['Ann'])
  const marks = await two.mark(id, { pos: 0, isMarked: true, by: 'Ann' })
  expect(marks).toMatchObject([{ pos: 0, by: 'Ann' }])
  const marksOf = (items: readonly FeedItem[]) =>
    items.flatMap((item) => (item.kind === 'marks' ? [item.marks] : []))
  await until('both hear of it', () =>
    [atOne.items, guest].every((all) => marksOf(all).at(-1)?.length === 1),
  )
  expect(await one.marks(id)).toEqual(marks)
  await expect(one.mark(id, { pos: 99_999, isMarked: true, by: null })).rejects.toMatchObject({
    code: 'conflict',
  })
  leave.abort()
  forget()
  await left
  await until('one is left', () => countsOf(atOne.items).at(-1) === 1)
  expect(Math.max(...countsOf(atOne.items))).toBe(2)
  await one.stop(id)
  await atOne.done
})

test('a node that is thought dead is fenced: another carries its run on, its viewers go on where they were', async () => {
  const hosts = localHosts()
  await using cluster = memoryCluster(hosts)
  const [one, two] = [await cluster.start('one'), await cluster.start('two')]
  const { id } = await one.start(
    durable('echo x >>"$XDG_STATE_HOME/starts"; for i in $(seq 100); do echo $i; sleep 0.04; done'),
  )
  const seen = [watch(one, id), watch(two, id)]
  await until('it prints', async () => (await one.get(id)).lines > 5)
  cluster.losesItsLease('one')
  const [atOne, atTwo] = await Promise.all(seen.map(({ done }) => done))
  const out = atOne?.lines.filter(([, channel]) => channel === 'out').map(([, , text]) => text)
  expect(out).toEqual(Array.from({ length: 100 }, (_, index) => String(index + 1)))
  expect(atOne?.lines).toEqual(atTwo?.lines)
  expect(atOne?.last).toMatchObject({ kind: 'end', run: { outcome: 'succeeded', epoch: 2 } })
  expect(readFileSync(join(hosts.stateHome, 'starts'), 'utf8')).toBe('x\n')
  const [old, next] = [cluster.metricsOf('one'), cluster.metricsOf('two')]
  expect(await figureOf(old, 'farglass_fenced_runs_total')).toBe(1)
  expect(await figureOf(next, 'farglass_fenced_runs_total')).toBe(0)
  expect(await figureOf(next, 'farglass_take_overs_total')).toBe(1)
})

test('a silent run leaves its old node too, without a word', async () => {
  await using cluster = memoryCluster(localHosts())
  const [one, two] = [await cluster.start('one'), await cluster.start('two')]
  const { id } = await one.start(durable('echo up; exec sleep 60'))
  const seen = watch(one, id)
  await until('it is up', async () => (await one.get(id)).lines > 0)
  cluster.losesItsLease('one')
  await until('viewers of the old node see that it goes on', () =>
    textsOf(seen.items).some((text) => text.startsWith('reconnected by')),
  )
  await one.stop(id)
  expect((await seen.done).last).toMatchObject({ kind: 'end', run: { outcome: 'stopped' } })
  expect(await two.get(id)).toMatchObject({ state: 'ended', epoch: 2 })
})

test('a plain command ends with its node, and every viewer is told that it is lost', async () => {
  await using cluster = memoryCluster(localHosts())
  const one = await cluster.start('one')
  const two = await cluster.start('two')
  const { id } = await one.start(command('echo up; sleep 60'))
  const seen = [watch(one, id), watch(two, id)]
  await until('it is up', async () => (await two.get(id)).lines > 0)
  cluster.losesItsLease('one')
  for (const { done } of seen) {
    const { lines, last } = await done
    expect(last).toMatchObject({ kind: 'end', run: { outcome: 'lost' } })
    expect(lines.at(-1)?.[2]).toMatch(/^lost: Farglass itself was stopped while the command ran/)
  }
})

test('a node that leaves hands its durable runs over at once', async () => {
  await using cluster = memoryCluster(localHosts())
  const [one, two] = [await cluster.start('one'), await cluster.start('two')]
  const { id } = await one.start(durable('for i in $(seq 50); do echo $i; sleep 0.05; done'))
  const seen = watch(two, id)
  await until('it prints', async () => (await two.get(id)).lines > 3)
  await cluster.leaves('one')
  const { lines, last } = await seen.done
  expect(last).toMatchObject({ kind: 'end', run: { outcome: 'succeeded' } })
  const out = lines.filter(([, channel]) => channel === 'out').map(([, , text]) => text)
  expect(out).toEqual(Array.from({ length: 50 }, (_, index) => String(index + 1)))
})

function durable(text: string) {
  return command(text, { mode: 'durable' })
}

interface Watched {
  readonly items: FeedItem[]
  readonly done: Promise<{
    readonly from: number
    readonly lines: readonly [pos: number, channel: string, text: string][]
    readonly last: FeedItem | undefined
  }>
}

/** Follows to the end; refuses a gap, a line that comes twice, and a reset. */
function watch(service: LocalRunService, id: string, from = 0): Watched {
  const items: FeedItem[] = []
  const read = async () => {
    let pos = from
    const lines: [number, string, string][] = []
    for await (const item of service.follow(id, from, AbortSignal.timeout(patienceMs))) {
      items.push(item)
      expect(item.kind).not.toBe('reset')
      if (item.kind !== 'frame') continue
      expect(item.pos).toBe(pos)
      for (const [channel, text] of linesOf(item)) lines.push([pos++, channel, text])
    }
    return { from, lines, last: items.at(-1) }
  }
  const done = read()
  done.catch(() => {})
  return { items, done }
}

function textsOf(items: readonly FeedItem[]): string[] {
  return items.flatMap(linesOf).map(([, text]) => text)
}

function partialsOf(items: readonly FeedItem[]): string[] {
  return items.flatMap((item) => (item.kind === 'partial' && item.text !== '' ? [item.text] : []))
}
