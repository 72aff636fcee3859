/** What durable runs leave on a host of the tests: ended and removed with it. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { removeFolderSync } from './remove-folder.ts'

/** Ends every durable run whose directory is below this state home, and removes them all. */
export function endDurableRuns(stateHome: string): void {
  for (const directory of runDirectories(stateHome)) {
    for (const file of ['sup', 'pgid']) {
      const pid = Number.parseInt(read(join(directory, file)), 10)
      if (pid > 1) kill(-pid)
    }
  }
  // What was ended a moment ago may still write.
  removeFolderSync(stateHome)
}

/** The run directories below a state home, whole paths. */
export function runDirectories(stateHome: string): string[] {
  const runs = join(stateHome, 'farglass', 'runs')
  try {
    return readdirSync(runs).map((name) => join(runs, name))
  } catch {
    return []
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function kill(group: number): void {
  try {
    process.kill(group, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}
