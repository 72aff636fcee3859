/** CPU time and memory of a process and all its descendants, read from /proc. */
import { readFileSync } from 'node:fs'
import { setInterval as every } from 'node:timers/promises'
import { processTree } from '../../test/support/proc.ts'

/** USER_HZ, which is 100 on every Linux that Node runs on. */
const ticksPerSecond = 100

/** CPU milliseconds of one living process so far, its dead and awaited children included. */
export function cpuMsOf(pid: number): number {
  const fields = statFields(pid)
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
  return (ticks * 1_000) / ticksPerSecond
}

/** The same for the whole tree under a process. */
export function treeCpuMs(pid: number): number {
  return processTree([pid]).reduce((sum, one) => sum + cpuMsOf(one.pid), 0)
}

/** Resident memory now and at its highest, in MB. */
export function memoryOf(pid: number): { readonly nowMb: number; readonly peakMb: number } {
  const status = readOr(`/proc/${pid}/status`, '')
  return { nowMb: megabytes(status, 'VmRSS'), peakMb: megabytes(status, 'VmHWM') }
}

/** Memory of a process, what it shares with others divided among them (PSS), in MB. */
export function proportionalMb(pid: number): number {
  return megabytes(readOr(`/proc/${pid}/smaps_rollup`, ''), 'Pss')
}

/** Looks at the sum over the tree until the signal comes; resolves with the highest, in MB. */
export async function watchTreePeakMb(pid: number, signal: AbortSignal): Promise<number> {
  let peak = 0
  try {
    for await (const _ of every(100, null, { signal })) {
      const sum = processTree([pid]).reduce((total, one) => total + memoryOf(one.pid).nowMb, 0)
      peak = Math.max(peak, sum)
    }
  } catch (thrown) {
    if (!signal.aborted) throw thrown
  }
  return peak
}

/** Fields of /proc/PID/stat after the name, which may hold anything: field 3 of the manual is index 0. */
function statFields(pid: number): readonly string[] {
  const stat = readOr(`/proc/${pid}/stat`, '')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

function megabytes(status: string, name: string): number {
  const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? '0'
  return Number(kilobytes) / 1_024
}

function readOr(path: string, fallback: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return fallback
  }
}
