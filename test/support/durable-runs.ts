/** What durable runs leave on a host of the tests: ended and removed with it. */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { removeFolderSync } from './remove-folder.ts'

/** Ends every durable run whose spool is below this state home, and removes them all. */
export function endDurableRuns(stateHome: string): void {
  for (const spool of spoolsIn(stateHome)) {
    const { keeper, group } = spoolState(spool)
    if (keeper !== null) kill(keeper)
    if (group !== null) kill(-group)
  }
  // What was ended a moment ago may still write.
  removeFolderSync(stateHome)
}

/** The spools below a state home: their paths, without what ends the names of their files. */
export function spoolsIn(stateHome: string): string[] {
  const runs = join(stateHome, 'farglass', 'runs')
  try {
    return readdirSync(runs).flatMap((name) =>
      name.endsWith('.state') ? [join(runs, name.slice(0, -'.state'.length))] : [],
    )
  } catch {
    return []
  }
}

/** What ends the names of the files of a spool that are there, in order. */
export function spoolFiles(spool: string): string[] {
  const prefix = `${basename(spool)}.`
  return readdirSync(dirname(spool))
    .flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []))
    .sort()
}

export interface SpoolState {
  readonly keeper: number | null
  readonly guard: number | null
  /** Leader of the command's group. */
  readonly group: number | null
  /** Null while it has not ended. */
  readonly code: number | null
}

/** What a spool says of its command; nothing when it is gone. */
export function spoolState(spool: string): SpoolState {
  const text = read(`${spool}.state`)
  const number = (line: RegExp) => {
    const found = line.exec(text)?.[1]
    return found === undefined ? null : Number(found)
  }
  return {
    keeper: number(/^group \d+ \d+ (\d+)$/m),
    guard: number(/^guard (\d+)$/m),
    group: number(/^group (\d+) /m),
    code: number(/^ended (\d+)$/m),
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}
