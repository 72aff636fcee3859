/** A name for a process by which others tell whether it still lives: its number may be used again. */
import { readFileSync } from 'node:fs'

/** Name of this process among all that share a data directory. */
export function ownName(): string {
  return nameOf(process.pid)
}

/**
 * Whether the process of that name still lives. One of another boot, or of a container that is
 * gone, does not. Should it live in another container after all, the epoch of its runs fences it.
 */
export function isAlive(name: string): boolean {
  const pid = Number(/^([1-9][0-9]*)-/.exec(name)?.[1])
  if (!Number.isSafeInteger(pid) || !exists(pid)) return false
  return nameOf(pid) === name
}

function nameOf(pid: number): string {
  return `${pid}-${startTimeOf(pid)}-${bootId()}`
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (thrown) {
    // It lives, but belongs to another user.
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM'
  }
}

/** Clock ticks from boot to the start of the process; a zombie counts as gone. */
function startTimeOf(pid: number): string {
  const stat = read(`/proc/${pid}/stat`)
  // The command in brackets may hold spaces and brackets itself; what follows the last one is fixed.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' ? 'zombie' : (fields[19] ?? 'unknown')
}

function bootId(): string {
  const id = read('/proc/sys/kernel/random/boot_id').trim()
  return id === '' ? 'unknown' : id.slice(0, 8)
}

/** Empty where there is no /proc: then the number of the process alone must do. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
