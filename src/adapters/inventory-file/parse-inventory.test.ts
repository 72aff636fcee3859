import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { KnownHosts } from '../../core/inventory/inventory.ts'
import { AppError, sentenceOf } from '../../shared/errors.ts'
import { parseInventory } from './parse-inventory.ts'

/** Each host as `name>destination groups tags note line`. */
function shown({ hosts }: KnownHosts): readonly string[] {
  return hosts.map(({ name, destination, groups, tags, note, sources: [source] }) => {
    const line = source?.kind === 'file' ? source.line : 0
    const parts = [groups.toSorted().join('+'), tags.join('+'), note ?? '', `line ${line}`]
    return [`${name}>${destination ?? ''}`, ...parts.filter((part) => part !== '')].join(' ')
  })
}

async function complaint(text: string, file = 'hosts.yaml'): Promise<string> {
  try {
    return `no complaint, but ${shown(await parseInventory(text, file)).join()}`
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown
    expect(thrown.code).toBe('inventory-invalid')
    return sentenceOf(thrown)
  }
}

describe('an inventory of Farglass', () => {
  const text = `
hosts:
  web-[1-2]:
    destination: deploy@10.0.0.[11-12]:2222
    groups: [web]
    tags: {env: prod, zone: eu}
  db-1:
    groups: db
    tags: [env:prod]
    note: "primary: ask first"
  alias:
groups:
  prod: {groups: [web, db], confirm: true}
  edge: [web-2, "cdn-[08-09]"]
  all-of-it: {groups: prod, hosts: alias}
`

  test('has hosts with ranges, destinations, tags, notes, and groups within groups', async () => {
    const known = await parseInventory(text, 'x.yaml')
    expect(shown(known)).toEqual([
      'web-1>deploy@10.0.0.11:2222 all-of-it+prod+web env:prod+zone:eu line 3',
      'web-2>deploy@10.0.0.12:2222 all-of-it+edge+prod+web env:prod+zone:eu line 3',
      'db-1> all-of-it+db+prod env:prod primary: ask first line 7',
      'alias> all-of-it line 11',
      'cdn-08> edge line 14',
      'cdn-09> edge line 14',
    ])
    expect(known.groups).toEqual([
      { name: 'prod', confirm: true },
      { name: 'edge', confirm: false },
      { name: 'all-of-it', confirm: false },
    ])
  })

  test.each([
    [
      'hosts:\n  web-1:\n    destnation: x',
      'x.yaml, line 3: the host "web-1" has no "destnation". Did you mean "destination"?',
    ],
    [
      'hosts:\n  web-1:\n    proxyCommand: rm -rf',
      'line 3: the host "web-1" has no "proxyCommand". Known: destination, groups, tags, note.',
    ],
    [
      'hosts:\n  web-1: {destination: -oProxyCommand=x}',
      'line 2: ssh cannot go there. Host "-oProxyCommand=x"',
    ],
    ['hosts:\n  web-1: {destination: "a b"}', '"a b" is not a host name'],
    [
      'hosts:\n  web-[1-3]: {destination: "10.0.0.[1-2]"}',
      'line 2: there are 3 hosts and 2 destinations',
    ],
    ['hosts:\n  deploy@web-1:', 'line 2: "deploy@web-1" is not the name of a host'],
    ['hosts:\n  web-[3-1]:', 'line 2: "web-[3-1]": Column 6 of the target: "3-1" runs backwards'],
    ['hosts:\n  web-[1-1000000000]:', 'stands for more than 10000 hosts'],
    ['hosts:\n  a: {}\n  b: {}\n  a: {}', 'line 4: it is not YAML: Map keys must be unique'],
    ['hosts:\n  a: [1', 'line 2: it is not YAML'],
    ['hosts: web-1', 'line 1: "hosts" must be names with a colon after each'],
    ['hosts:\n  a: {tags: [prod]}', 'line 2: "prod" is not a tag as env:prod'],
    ['hosts:\n  a: {groups: ["we b"]}', 'line 2: "we b" is not the name of a group'],
    ['groups:\n  a: {confirm: maybe}', 'line 2: "confirm" must be true or false'],
    ['groups:\n  a: {groups: b}\n  b: {groups: [a]}', 'the group "a" holds itself: a > b > a'],
  ])('%j is refused with file, line and what to do', async (wrong, why) => {
    expect(await complaint(wrong, 'x.yaml')).toContain(why)
  })
})

describe('an inventory of Ansible', () => {
  const ini = `
# comment
mail.example.com ansible_user=postmaster  # trailing
[web]
web[01:03].example.com ansible_port=2222
web-9 ansible_host=10.0.0.9 note="a # b"
db-[a:b]:5522

[db:children]
pg

[pg]
pg-1 ansible_host=2001:db8::1 ansible_port=22
[prod:children]
web
db
[prod:vars]
ansible_user = deploy
[db:vars]
ansible_user=dba
[ungrouped]
`
  const expected = [
    'mail.example.com>postmaster@mail.example.com line 3',
    'web01.example.com>deploy@web01.example.com:2222 prod+web line 5',
    'web02.example.com>deploy@web02.example.com:2222 prod+web line 5',
    'web03.example.com>deploy@web03.example.com:2222 prod+web line 5',
    'web-9>deploy@10.0.0.9 prod+web line 6',
    'db-a>deploy@db-a:5522 prod+web line 7',
    'db-b>deploy@db-b:5522 prod+web line 7',
    'pg-1>dba@[2001:db8::1]:22 db+pg+prod line 13',
  ]

  test('as INI has hosts, ranges, children and the way to each host, the innermost group first', async () => {
    expect(shown(await parseInventory(ini, 'hosts'))).toEqual(expected)
  })

  test('as YAML gives the same', async () => {
    const yaml = `
all:
  hosts:
    mail.example.com: {ansible_user: postmaster, some_list: [1, 2]}
  children:
    prod:
      vars: {ansible_user: deploy}
      children:
        web:
          hosts:
            web[01:03].example.com:
              ansible_port: 2222
            web-9: {ansible_host: 10.0.0.9}
            db-[a:b]: {ansible_port: 5522}
        db:
          vars: {ansible_user: dba}
          children: {pg: }
    pg:
      hosts:
        pg-1: {ansible_host: "2001:db8::1", ansible_port: 22}
`
    const names = (rows: readonly string[]) => rows.map((row) => row.split(' line')[0]).toSorted()
    expect(names(shown(await parseInventory(yaml, 'hosts.yml')))).toEqual(names(expected))
  })

  test.each([
    ['[web', 'hosts.ini, line 1: "[web" is not the head of a section. Write it as [group]'],
    ['[a]\nweb[5:1]', 'line 2: "[5:1]" is not a range. Write it as [1:50]'],
    ['[a]\nweb-1 oops', 'line 2: "oops" is not a variable as name=value'],
    [
      '[a]\nweb-1 ansible_port=ssh',
      'line 2: the way to "web-1" cannot be read. Host "web-1:ssh": the port "ssh"',
    ],
    ['[a]\nw[1:1000000000]', 'line 2: it names more than 10000 hosts'],
    ['[a:children]\nb\n[b:children]\na', 'the group "a" holds itself: a > b > a'],
    ['[a]\n-oProxyCommand=x', 'line 2: "-oProxyCommand=x" is not the name of a host'],
  ])('%j is refused with file, line and what to do', async (wrong, why) => {
    expect(await complaint(wrong, 'hosts.ini')).toContain(why)
  })

  test('never gives ssh an option', async () => {
    const text = '[a]\nweb-1 ansible_host=10.0.0.1 ansible_ssh_common_args="-o ProxyCommand=evil"'
    expect(JSON.stringify(await parseInventory(text, 'hosts'))).not.toContain('evil')
  })
})

test('the files of docs/guide/inventory.md are what it says', async () => {
  const guide = readFileSync(new URL('../../../docs/guide/inventory.md', import.meta.url), 'utf8')
  const block = (form: string) =>
    new RegExp(`^\`\`\`${form}\\n([^]*?)^\`\`\``, 'm').exec(guide)?.[1] ?? ''
  expect(shown(await parseInventory(block('yaml'), 'x.yaml'))).toEqual([
    'web-1>deploy@10.0.0.11:2222 prod+web env:prod+zone:eu line 2',
    'web-2>deploy@10.0.0.12:2222 prod+web env:prod+zone:eu line 2',
    'web-3>deploy@10.0.0.13:2222 prod+web env:prod+zone:eu line 2',
    'db-1> db+prod env:prod primary: ask before a restart line 6',
    'bastion> line 9',
    'db-2> db+prod line 11',
  ])
  expect(shown(await parseInventory(block('ini'), 'hosts'))).toEqual([
    'web01.example.com>deploy@web01.example.com:2222 prod+web line 2',
    'web02.example.com>deploy@web02.example.com:2222 prod+web line 2',
    'web03.example.com>deploy@web03.example.com:2222 prod+web line 2',
    'db-1>deploy@10.0.0.21 db+prod line 4',
  ])
})
