/** Targets beside ClusterShell, whose node sets are their model; where they differ is in docs/guide/targets.md. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { foldHosts } from '../../src/shared/host-set.ts'
import type { Inventory } from '../../src/shared/inventory.ts'
import { parseTarget, selectHosts } from '../../src/shared/target.ts'
import { type SeededRandom, seededRandom, seedOfProcess } from '../support/seeded-random.ts'

const seed = seedOfProcess()
const repeat = `FARGLASS_SEED=${seed} repeats this`
const script = fileURLToPath(new URL('../support/nodeset.py', import.meta.url))
const answers = z.array(z.array(z.string()).nullable())

test('10,000 random targets name the hosts that ClusterShell names, and are refused where it refuses', () => {
  const random = seededRandom(seed)
  const targets = Array.from({ length: 10_000 }, () => target(random))
  const expected = askClusterShell(targets)
  let refused = 0
  for (const [at, text] of targets.entries()) {
    const theirs = expected[at]?.toSorted() ?? null
    expect({ text, repeat, hosts: ours(text) }).toEqual({ text, repeat, hosts: theirs })
    if (theirs === null) refused++
  }
  // Neither kind is rare.
  expect(refused).toBeGreaterThan(300)
  expect(refused).toBeLessThan(3_000)
})

test('ClusterShell reads off a folded list of hosts what Farglass has folded', () => {
  const random = seededRandom(seed)
  const lists = Array.from({ length: 1_000 }, () =>
    Array.from({ length: random.between(1, 12) }, () => name(random)),
  )
  const expected = askClusterShell(lists.map(foldHosts))
  for (const [at, names] of lists.entries()) {
    const read = expected[at]?.toSorted()
    expect({ names, repeat, read }).toEqual({ names, repeat, read: [...new Set(names)].toSorted() })
  }
})

const inventory: Inventory = {
  hosts: Array.from({ length: 40 }, (_, at) => ({
    name: at < 25 ? `web-${at}` : at < 33 ? `n${at % 2}x0${at % 4}.eu${at}` : `db${at}`,
    groups: [at < 25 ? 'web' : 'rest', `third${at % 3}`, ...(at % 5 === 0 ? ['odd-one'] : [])],
    tags: [`env:${at % 4 === 0 ? 'prod' : 'test'}`, `zone:z${at % 2}`],
  })),
}

/** Null for what is refused. No hosts at all is the empty set for ClusterShell, and refused here. */
function ours(text: string): readonly string[] | null {
  try {
    return selectHosts(parseTarget(text), inventory).toSorted()
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : ''
    return /has no hosts but|No host is both|takes out all|leaves none/.test(why) ? [] : null
  }
}

function askClusterShell(targets: readonly string[]): readonly (readonly string[] | null)[] {
  const groups: Record<string, Record<string, string>> = {}
  const add = (source: string, group: string, host: string) => {
    const known = (groups[source] ??= {})
    known[group] = known[group] === undefined ? host : `${known[group]},${host}`
  }
  for (const host of inventory.hosts) {
    for (const group of host.groups) add('default', group, host.name)
    for (const tag of host.tags) {
      const [source = '', group = ''] = tag.split(':')
      add(source, group, host.name)
    }
  }
  const all = inventory.hosts.map((host) => host.name).join(',')
  const lines = [{ groups, all }, ...targets].map((line) => `${JSON.stringify(line)}\n`)
  // Python of the system: that is where Debian has put ClusterShell.
  const output = execFileSync('/usr/bin/python3', [script], {
    input: lines.join(''),
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  })
  return answers.parse(JSON.parse(`[${output.trim().split('\n').join(',')}]`))
}

function target(random: SeededRandom): string {
  let text = operand(random)
  for (let left = random.between(0, 5); left > 0; left--) {
    const blank = random.pick(['', '', ' '])
    text += `${blank}${random.pick([',', ',', '!', '&', '^'])}${blank}${operand(random)}`
  }
  const slip = random.between(0, 59)
  if (slip === 0) return `${text}${random.pick(['!', '&', '^'])}`
  if (slip === 1) return `${random.pick(['!', '&', '^'])}${text}`
  return text
}

function operand(random: SeededRandom): string {
  switch (random.between(0, 9)) {
    case 0:
      return random.pick(['@web', '@rest', '@third[0-2]', '@third1', '@odd-one', '@*'])
    case 1:
      return random.pick(['@env:prod', '@env:test', '@zone:z[0-1]', '@zone:z0'])
    case 2:
      // Each matches something: no match at all is refused here, and an empty set there.
      return random.pick([
        'web-*',
        '*',
        'web-?',
        'db*',
        '*[1-3]',
        '?[0-1]x*',
        'n*.eu??',
        'web-[1-2]*',
      ])
    case 3:
      return name(random)
    default:
      return ranges(random)
  }
}

function name(random: SeededRandom): string {
  const number = () => random.pick(['0', '1', '2', '9', '10', '11', '01', '02', '09', '010', '007'])
  const kind = random.between(0, 4)
  if (kind === 0) return `web-${random.between(0, 30)}`
  if (kind === 1) return `n${number()}x${number()}`
  if (kind === 2)
    return `n${random.between(0, 3)}x0${random.between(0, 3)}.eu${random.between(24, 34)}`
  if (kind === 3) return `me@db${number()}:22`
  return random.pick([
    'box',
    'cache.example.com',
    '10.0.0.7',
    '10.0.0.8',
    `db${random.between(30, 42)}`,
  ])
}

function ranges(random: SeededRandom): string {
  const list = () =>
    `[${Array.from({ length: random.between(1, 3) }, () => range(random)).join(',')}]`
  switch (random.between(0, 5)) {
    case 0:
      return `n${list()}x${list()}`
    case 1:
      return `n${list()}x0${random.between(0, 3)}.eu${random.between(24, 34)}`
    case 2:
      return `me@db${list()}:22`
    case 3:
      // Numbers of one length beside a digit: others mean something odd to ClusterShell.
      return random.pick(['db3[0-9]', 'web-1[0-9]', 'n[0-3]5', 'web-[1-2]0'])
    default:
      return `web-${list()}`
  }
}

function range(random: SeededRandom): string {
  const from = random.between(0, 28)
  const to = from + random.between(0, 9)
  const slip = random.between(0, 199)
  if (slip === 0) return `${to + 1}-${from}`
  if (slip === 1) return random.pick(['', 'a', '1-', '01-100', '1-010', '3/2', '1-5/0'])
  if (random.between(0, 2) === 0) return String(from)
  const width = random.pick([0, 0, 0, 2, 3])
  const text = `${String(from).padStart(width, '0')}-${String(to).padStart(width, '0')}`
  return random.between(0, 4) === 0 ? `${text}/${random.between(1, 4)}` : text
}
