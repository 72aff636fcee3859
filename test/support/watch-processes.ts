/** Looks at all processes that begin while it watches: what their arguments and environments hold. */
import { setTimeout as sleep } from 'node:timers/promises'
import { allProcesses, commandOf, environmentOf } from './proc.ts'

export interface ProcessWatch {
  /** Whether a process with exactly this argument line was seen by now. */
  hasSeen(command: string): boolean
  stop(): Promise<SeenProcesses>
}

export interface SeenProcesses {
  /** Every argument list and every environment. */
  readonly text: string
  readonly programs: readonly string[]
  /** Argument lines. */
  readonly arguments: readonly string[]
  /** Argument lines of those whose environment held the text at their start. */
  withEnvironment(text: string): readonly string[]
}

/** Each is seen that lives for some milliseconds. */
export function watchProcesses(): ProcessWatch {
  const older = new Set(allProcesses().map(({ pid }) => pid))
  const seen = new Map<string, { readonly command: string; readonly environment: string }>()
  let watching = true
  const done = (async () => {
    while (watching) {
      for (const { pid } of allProcesses()) {
        if (older.has(pid)) continue
        // In this order: a process that becomes a program in between has no environment of that yet.
        const environment = environmentOf(pid)
        const command = commandOf(pid)
        // It has ended in between: nothing can be said of it.
        if (command === '') continue
        seen.set(`${command}\n${environment}`, { command, environment })
      }
      await sleep(5)
    }
  })()
  return {
    hasSeen: (command) => [...seen.values()].some((one) => one.command === command),
    async stop() {
      watching = false
      await done
      const all = [...seen.values()]
      return {
        text: [...seen.keys()].join('\n'),
        programs: [...new Set(all.map(({ command }) => command.split(' ')[0] ?? ''))],
        arguments: all.map(({ command }) => command),
        withEnvironment: (text) =>
          all.filter(({ environment }) => environment.includes(text)).map(({ command }) => command),
      }
    },
  }
}
