/** A whole command with what it costs: wall time, CPU and memory of it and of all that it starts. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { setInterval as every } from 'node:timers/promises'
import { allProcesses, processTree } from '../../test/support/proc.ts'
import { cpuMsOf, proportionalMb } from './cost.ts'

export interface TimedCommand {
  readonly words: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Processes that work for it and were there before, with their descendants: a server. */
  readonly helpers?: readonly number[]
}

export interface CommandCost {
  readonly wallMs: number
  readonly cpuMs: number
  readonly peakMb: number
  readonly stdout: string
  readonly stderr: string
  readonly status: number
}

/** Of one way of working. What it leaves behind, such as connections that are kept, counts as its own. */
export class CommandMeter {
  readonly #folder: string

  /** Who has left its parent is known by this folder in its title, as kept connections of ssh are. */
  constructor(folder: string) {
    this.#folder = folder
  }

  async run({ words, env = {}, helpers = [] }: TimedCommand): Promise<CommandCost> {
    const before = this.#livingCpuMs(helpers)
    const startedMs = performance.now()
    // The shell waits for the command, so its own figures hold that of all who were awaited.
    const child = spawn('sh', ['-c', script, 'sh', ...words], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    })
    const texts = [1, 2, 3].map((place) => textOf(child.stdio[place]))
    const done = new AbortController()
    const peak = this.#watchPeakMb([child.pid ?? -1, ...helpers], done.signal)
    const [status]: unknown[] = await once(child, 'exit')
    const wallMs = performance.now() - startedMs
    done.abort()
    const [stdout = '', stderr = '', stat = ''] = await Promise.all(texts)
    const cpuMs = awaitedCpuMs(stat) + this.#livingCpuMs(helpers) - before
    return { wallMs, cpuMs, peakMb: await peak, stdout, stderr, status: Number(status) }
  }

  /** Ends what is left of it. */
  [Symbol.dispose](): void {
    for (const pid of this.#processes([])) process.kill(pid, 'SIGTERM')
  }

  #processes(roots: readonly number[]): readonly number[] {
    const kept = allProcesses().filter(({ command }) => command.includes(this.#folder))
    return [...new Set([...kept, ...processTree(roots)].map(({ pid }) => pid))]
  }

  #livingCpuMs(helpers: readonly number[]): number {
    return this.#processes(helpers).reduce((sum, pid) => sum + cpuMsOf(pid), 0)
  }

  async #watchPeakMb(roots: readonly number[], signal: AbortSignal): Promise<number> {
    let peak = 0
    try {
      for await (const _ of every(250, null, { signal })) {
        const sum = this.#processes(roots).reduce((mb, pid) => mb + proportionalMb(pid), 0)
        peak = Math.max(peak, sum)
      }
    } catch (thrown) {
      if (!signal.aborted) throw thrown
    }
    return peak
  }
}

const script = '"$@"; status=$?; cat "/proc/$$/stat" >&3; exit "$status"'

/** Fields 16 and 17 of /proc/PID/stat, in the 100 ticks a second of every Linux. */
function awaitedCpuMs(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[13]) + Number(fields[14])) * 10
}

async function textOf(stream: unknown): Promise<string> {
  if (!(stream instanceof Readable)) throw new Error('The command has no pipe.')
  return text(stream)
}
