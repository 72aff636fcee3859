/** Inventories of Ansible beside Ansible itself: hosts, their groups and the way to each. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import { parseInventory } from '../../src/adapters/inventory-file/parse-inventory.ts'
import { formatDestination } from '../../src/shared/destination.ts'
import { type SeededRandom, seededRandom, seedOfProcess } from '../support/seeded-random.ts'

const seed = seedOfProcess()
const repeat = `FARGLASS_SEED=${seed} repeats this`
const directory = mkdtempSync(join(tmpdir(), 'fg-ansible-'))
afterAll(() => rmSync(directory, { recursive: true }))

type Vars = Readonly<Record<string, string>>

interface Group {
  readonly name: string
  readonly hosts: readonly { readonly name: string; readonly vars: Vars }[]
  readonly children: readonly string[]
  readonly vars: Vars
}

test.each([
  ['INI', 'ini', iniText],
  ['YAML', 'yaml', yamlText],
] as const)(
  'random inventories of Ansible as %s have the hosts, groups and ways that Ansible finds in them',
  async (_, ending, textOf) => {
    const random = seededRandom(seed)
    for (let at = 0; at < 6; at++) {
      const text = textOf(groupsOf(random))
      const file = join(directory, `hosts-${at}.${ending}`)
      writeFileSync(file, text)
      const { hosts } = await parseInventory(text, file)
      const ours = hosts.map(({ name, destination, groups }) => [
        name,
        destination,
        groups.toSorted(),
      ])
      expect({ repeat, text, hosts: ours.toSorted(byName) }).toEqual({
        repeat,
        text,
        hosts: askAnsible(file).toSorted(byName),
      })
    }
  },
)

function byName([a]: readonly unknown[], [b]: readonly unknown[]): number {
  return String(a) < String(b) ? -1 : 1
}

/** A group only holds later ones, so that none holds itself. */
function groupsOf(random: SeededRandom): readonly Group[] {
  const names = ['web', 'db', 'zone_b', 'a1', 'prod', 'Edge', 'cache']
    .map((name) => ({ name, place: random.next() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ name }) => name)
  const some = <T>(all: readonly T[], most: number): readonly T[] =>
    all.filter(() => random.next() < most / Math.max(all.length, 1))
  return [
    { name: 'all', hosts: [], children: [], vars: varsOf(random) },
    ...names.map((name, at) => ({
      name,
      hosts: some(patterns, 2).map((host) => ({ name: host, vars: varsOf(random) })),
      children: some(names.slice(at + 1), 1.5),
      vars: { ...varsOf(random), ...(random.next() < 0.2 && { ansible_group_priority: '7' }) },
    })),
  ]
}

const patterns = [
  'box',
  'n[1:3]',
  'n[2:9:3]',
  'w[08:11].example.com',
  'r-[a:c][1:2]',
  'db-1',
  'x.y-z',
]

function varsOf(random: SeededRandom): Vars {
  const vars: Record<string, string> = {}
  if (random.next() < 0.3) vars['ansible_user'] = random.pick(['deploy', 'root', 'ops'])
  if (random.next() < 0.3) vars['ansible_port'] = String(random.between(1, 65_535))
  if (random.next() < 0.15)
    vars['ansible_host'] = random.pick(['10.0.0.7', 'gate.example.com', '::1'])
  if (random.next() < 0.3) vars['http_port'] = '80'
  return vars
}

function iniText(groups: readonly Group[]): string {
  const pairs = (vars: Vars) => Object.entries(vars).map(([key, value]) => `${key}=${value}`)
  return groups
    .flatMap(({ name, hosts, children, vars }) => [
      ...(name === 'all' ? [] : [`[${name}]`]),
      ...hosts.map((host) => [host.name, ...pairs(host.vars)].join(' ')),
      ...(children.length === 0 ? [] : [`[${name}:children]`, ...children]),
      `[${name}:vars]`,
      ...pairs(vars),
      '# a comment',
    ])
    .map((line) => `${line}\n`)
    .join('')
}

/** JSON is YAML. */
function yamlText(groups: readonly Group[]): string {
  const entries = groups.map(({ name, hosts, children, vars }) => [
    name,
    {
      hosts: Object.fromEntries(hosts.map((host) => [host.name, host.vars])),
      children: Object.fromEntries(children.map((child) => [child, {}])),
      vars,
    },
  ])
  return JSON.stringify(Object.fromEntries(entries), null, 2)
}

const groupSchema = z.object({
  hosts: z.array(z.string()).default([]),
  children: z.array(z.string()).default([]),
})
const hostSchema = z.object({
  ansible_host: z.string().optional(),
  ansible_port: z.coerce.number().optional(),
  ansible_user: z.string().optional(),
})
const answerSchema = z
  .object({ _meta: z.object({ hostvars: z.record(z.string(), hostSchema) }) })
  .catchall(groupSchema)

/** Name, destination and groups of each host. */
function askAnsible(file: string): readonly (readonly unknown[])[] {
  const output = execFileSync('ansible-inventory', ['-i', file, '--list'], {
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'],
      HOME: directory,
      LC_ALL: 'C.UTF-8',
      ANSIBLE_LOCALHOST_WARNING: 'no',
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const { _meta: meta, ...groups } = answerSchema.parse(JSON.parse(output))
  const membersOf = (name: string): readonly string[] => {
    const { hosts = [], children = [] } = groups[name] ?? {}
    return [...hosts, ...children.flatMap(membersOf)]
  }
  const names = new Set(membersOf('all'))
  return [...names].map((name) => {
    const { ansible_host: host, ansible_port: port, ansible_user: user } = meta.hostvars[name] ?? {}
    const isPlain = (host ?? port ?? user) === undefined
    const way = { user: user ?? null, name: host ?? name, port: port ?? null }
    const within = Object.keys(groups).filter(
      (group) => group !== 'all' && group !== 'ungrouped' && membersOf(group).includes(name),
    )
    return [name, isPlain ? null : formatDestination(way), within.toSorted()]
  })
}
