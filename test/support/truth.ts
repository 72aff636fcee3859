/** A command for a host that writes random lines, and the proof of what it wrote and how often it was started. */
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { WrittenTruth } from './history-checker.ts'
import { removeFolder } from './remove-folder.ts'

export interface TruthOptions {
  readonly seed: number
  readonly lines: number
  /** 0 writes as fast as it is read. */
  readonly linesPerSecond: number
}

export interface Truth extends AsyncDisposable {
  /** Where the host writes it. */
  readonly directory: string
  readonly command: string
  /** How often the command was started. */
  starts(): number
  isDone(): boolean
  written(): WrittenTruth
}

/** The host of the tests is this machine, so its files can be read here. */
export async function makeTruth(options: TruthOptions): Promise<Truth> {
  const directory = await mkdtemp(join(tmpdir(), 'fg-truth-'))
  const { seed, lines, linesPerSecond } = options
  const read = (name: string) => {
    const path = join(directory, name)
    return existsSync(path) ? readFileSync(path) : Buffer.alloc(0)
  }
  return {
    directory,
    command: `exec python3 '${program}' '${directory}' ${seed} ${lines} ${linesPerSecond}`,
    starts: () => read('started').toString().split('\n').length - 1,
    isDone: () => existsSync(join(directory, 'done')),
    written: () => ({ out: read('truth.out'), err: read('truth.err') }),
    [Symbol.asyncDispose]: () => removeFolder(directory),
  }
}

const program = fileURLToPath(new URL('./write-truth.py', import.meta.url))
