/** What /proc says about processes: tests use it to prove that nothing leaks and nothing is left. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

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

/** Arguments of a process, joined by spaces. */
export function commandOf(pid: number): string {
  return read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim()
}

export function isAlive(pid: number): boolean {
  const facts = factsOf(pid)
  return facts !== undefined && facts.state !== 'Z'
}

/** Resident memory in bytes: now, and the most that it has ever been. */
export function memoryOf(pid: number): { readonly now: number; readonly most: number } {
  const status = read(`/proc/${pid}/status`)
  const kilobytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1])
  return { now: kilobytes('VmRSS') * 1_024, most: kilobytes('VmHWM') * 1_024 }
}

/** Processor time that a process has used, in seconds. */
export function cpuSecondsOf(pid: number): number {
  const stat = read(`/proc/${pid}/stat`)
  const rest = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  // User and system time, in the 100 ticks a second of every Linux.
  return (Number(rest[11]) + Number(rest[12])) / 100
}

/** TCP connections (IPv4) that a process holds open, by their ports. */
export function connectionsOf(pid: number): { readonly local: number; readonly remote: number }[] {
  const own = new Set(readdirSync(`/proc/${pid}/fd`).map((fd) => linkOf(`/proc/${pid}/fd/${fd}`)))
  return read('/proc/net/tcp')
    .split('\n')
    .slice(1)
    .map((row) => row.trim().split(/\s+/))
    .filter((fields) => own.has(`socket:[${fields[9]}]`))
    .map((fields) => ({ local: portOf(fields[1]), remote: portOf(fields[2]) }))
}

/** From `0100007F:0016`. */
function portOf(address = ''): number {
  return Number.parseInt(address.split(':')[1] ?? '', 16)
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

function factsOf(pid: number): ProcessFacts | undefined {
  const stat = read(`/proc/${pid}/stat`)
  if (stat === '') return undefined
  // The name in brackets may hold spaces and brackets itself; what follows the last one is fixed.
  const rest = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { pid, parent: Number(rest[1]), state: rest[0] ?? '?', command: commandOf(pid) }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
