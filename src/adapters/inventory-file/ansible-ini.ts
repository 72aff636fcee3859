/** Inventories of Ansible in their INI form. */
import { type AnsibleGroup, readAnsible } from './ansible-hosts.ts'
import type { FileFault, ReadInventory } from './inventory-parts.ts'

/** Throws `inventory-invalid`. */
export function readAnsibleIni(text: string, fault: FileFault): ReadInventory {
  const groups = new Map<string, AnsibleGroup>()
  let section: Section = { group: 'ungrouped', kind: 'hosts' }
  for (const [at, raw] of text.split(/\r?\n/).entries()) {
    const line = at + 1
    const content = withoutComment(raw)
    if (content === '') continue
    if (content.startsWith('[')) section = sectionOf(content, line, fault)
    const group = groups.get(section.group) ?? newGroup(line)
    groups.set(section.group, group)
    if (!content.startsWith('[')) addLine(group, { kind: section.kind, content, line }, fault)
  }
  const children = [...groups.values()].flatMap((group) => group.children)
  for (const child of children) if (!groups.has(child)) groups.set(child, newGroup(1))
  return readAnsible(groups, fault)
}

interface Section {
  readonly group: string
  readonly kind: 'hosts' | 'children' | 'vars'
}

function newGroup(line: number): AnsibleGroup {
  return { line, hosts: [], children: [], vars: new Map() }
}

/** A `#` within a word or in quotes begins none. */
function withoutComment(line: string): string {
  const content = line.trim()
  if (/^[#;]/.test(content)) return ''
  let quote = ''
  for (let at = 0; at < content.length; at++) {
    const character = content.charAt(at)
    if (quote === '' && character === '#' && /\s/.test(content[at - 1] ?? '')) {
      return content.slice(0, at).trimEnd()
    }
    if (character === quote) quote = ''
    else if (quote === '' && /["']/.test(character)) quote = character
  }
  return content
}

function sectionOf(content: string, line: number, fault: FileFault): Section {
  const [, group, kind = 'hosts'] =
    /^\[([A-Za-z0-9_.-]+)(?::(children|vars))?\]$/.exec(content) ?? []
  if (group === undefined || (kind !== 'hosts' && kind !== 'children' && kind !== 'vars')) {
    const hint = 'Write it as [group], [group:children] or [group:vars].'
    throw fault(line, `"${content.slice(0, 100)}" is not the head of a section`, hint)
  }
  return { group, kind }
}

interface Line {
  readonly kind: Section['kind']
  readonly content: string
  readonly line: number
}

function addLine(group: AnsibleGroup, { kind, content, line }: Line, fault: FileFault): void {
  switch (kind) {
    case 'children':
      if (!/^[A-Za-z0-9_.-]+$/.test(content)) {
        throw fault(line, `"${content.slice(0, 100)}" is not the name of a group`)
      }
      group.children.push(content)
      return
    case 'vars': {
      const [key, value] = variable(content, line, fault)
      group.vars.set(key, value)
      return
    }
    case 'hosts':
      group.hosts.push(hostOf(content, line, fault))
  }
}

function hostOf(content: string, line: number, fault: FileFault): AnsibleGroup['hosts'][number] {
  const [name = '', ...rest] = content.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []
  const vars = new Map(rest.map((word) => variable(word, line, fault)))
  const { host, port } = hostWord(name)
  if (port !== undefined && !vars.has('ansible_port')) vars.set('ansible_port', port)
  return { name: host, line, turn: line, vars }
}

function variable(text: string, line: number, fault: FileFault): readonly [string, string] {
  const [, key, value = ''] = /^([A-Za-z0-9_]+)\s*=\s*(.*)$/s.exec(text) ?? []
  if (key !== undefined) return [key, unquoted(value)]
  throw fault(line, `"${text.slice(0, 100)}" is not a variable as name=value`)
}

/** `web-1:2222`; the colons within brackets are those of a range. */
function hostWord(word: string): { readonly host: string; readonly port?: string } {
  const [, host, port] = /^([^:]*(?:\[[^\]]*\][^:]*)*):([0-9]+)$/.exec(word) ?? []
  return host === undefined || port === undefined ? { host: word } : { host, port }
}

function unquoted(value: string): string {
  return /^(["']).*\1$/s.test(value) ? value.slice(1, -1) : value
}
