/** Ends the durable runs of a demo host: they outlive their sessions, and must not outlive the demo. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DemoHome } from './demo-home.ts'

/** KILL to the command's group of each; its keeper then writes the exit code and ends. */
export function endDurableRuns({ directory }: DemoHome): void {
  const runs = join(directory, '.local/state/farglass/runs')
  for (const name of namesIn(runs)) {
    const leader = name.endsWith('.state') ? leaderOf(join(runs, name)) : undefined
    if (leader !== undefined) kill(-leader)
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

/** Undefined for a run that has ended: its number may be another process by now. */
function leaderOf(stateFile: string): number | undefined {
  try {
    const state = readFileSync(stateFile, 'utf8')
    if (/^ended /m.test(state)) return undefined
    const leader = Number(/^group (\d+)/m.exec(state)?.[1])
    return leader > 1 ? leader : undefined
  } catch {
    return undefined
  }
}

function kill(group: number): void {
  try {
    process.kill(group, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}
