/** What /proc says about processes: tests use it to prove that nothing leaks and nothing is left. */
import { readdirSync, readFileSync } from 'node:fs'

export interface ProcessFacts {
  readonly pid: number
  readonly parent: number
  readonly state: string
  readonly command: string
}

/** All processes that can be read, zombies included. */
export function allProcesses(): ProcessFacts[] {
  return readdirSync('/proc')
    .filter((name) => /^[0-9]+$/.test(name))
    .flatMap((name) => factsOf(Number(name)) ?? [])
}

/** The living processes among `roots` and all their descendants. */
export function processTree(roots: readonly number[]): ProcessFacts[] {
  const all = allProcesses()
  const tree = new Set(roots)
  // Children may be listed before their parents, so repeat until a pass finds nothing new.
  for (let before = -1; before !== tree.size; ) {
    before = tree.size
    for (const one of all) if (tree.has(one.parent)) tree.add(one.pid)
  }
  return all.filter((one) => tree.has(one.pid) && one.state !== 'Z')
}

/** Living processes whose environment at their start held `text`. */
export function processesWithEnvironment(text: string): ProcessFacts[] {
  return allProcesses().filter((one) => one.state !== 'Z' && environmentOf(one.pid).includes(text))
}

/** Environment at the start of a process, entries joined by NUL; empty when it cannot be read. */
export function environmentOf(pid: number): string {
  return read(`/proc/${pid}/environ`)
}

export function isAlive(pid: number): boolean {
  const facts = factsOf(pid)
  return facts !== undefined && facts.state !== 'Z'
}

function factsOf(pid: number): ProcessFacts | undefined {
  const stat = read(`/proc/${pid}/stat`)
  if (stat === '') return undefined
  // The name in brackets may hold spaces and brackets itself; what follows the last one is fixed.
  const rest = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const command = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim()
  return { pid, parent: Number(rest[1]), state: rest[0] ?? '?', command }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
