/** A program that writes numbered lines and rotates its file, and a checker that knows only the numbers. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The kinds of rotation in one trial. By number and by date are not mixed, as no program does. */
export const kindsOfTrials: readonly [readonly string[], ...(readonly string[])[]] = [
  ['rename', 'copytruncate', 'gz', 'late'],
  ['rename'],
  ['copytruncate'],
  ['gz'],
  ['late'],
  ['date'],
  ['date', 'dategz'],
]

export interface RotatingLog extends AsyncDisposable {
  /** Stops writing. Gives what was written in all. */
  stop(): Promise<{ readonly lines: number; readonly rotations: number }>
}

export interface RotatingLogOptions {
  readonly file: string
  readonly linesPerSecond: number
  readonly seed: number
  readonly kinds: readonly string[]
}

export function startRotatingLog(options: RotatingLogOptions): RotatingLog {
  const { file, linesPerSecond, seed, kinds } = options
  const program = fileURLToPath(new URL('rotating-log.py', import.meta.url))
  const args = [program, file, String(linesPerSecond), String(seed), kinds.join(',')]
  const child = spawn('python3', args, { stdio: ['pipe', 'inherit', 'inherit'] })
  const exited = once(child, 'exit')
  return {
    async stop() {
      child.stdin?.end('\n')
      await exited
      const [lines = 0, rotations = 0] = readFileSync(`${file}.written`, 'utf8')
        .split(' ')
        .map(Number)
      return { lines, rotations }
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null) child.kill('SIGKILL')
      await exited
    },
  }
}

export interface LineCheck {
  readonly lost: number
  readonly duplicated: number
  /** Not a line that was written. */
  readonly strange: number
}

/** The line `N` of the program is `000000N seq …`. What came before the first one that was read is not asked for. */
export function checkLines(lines: readonly string[], written: number): LineCheck {
  const seen = new Map<number, number>()
  let strange = 0
  for (const line of lines) {
    const match = /^(\d{9}) seq (?:x*|late)$/.exec(line)
    const number = Number(match?.[1])
    const isWhole = match !== null && (line.endsWith('late') || line.length === 14 + (number % 120))
    if (isWhole) seen.set(number, (seen.get(number) ?? 0) + 1)
    else strange += 1
  }
  const duplicated = [...seen.values()].reduce((sum, times) => sum + times - 1, 0)
  const first = Math.min(...seen.keys(), written)
  let lost = 0
  for (let number = first; number < written; number += 1) if (!seen.has(number)) lost += 1
  return { lost, duplicated, strange }
}
