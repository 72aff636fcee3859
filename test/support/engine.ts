/** What the tests want of a real container engine, Docker or Podman, with a store of its own. */
import { spawnSync } from 'node:child_process'

export interface Engine extends AsyncDisposable {
  /** To be first on the PATH of the host. */
  readonly path: string
  /** Starts a container with this program of BusyBox's sh, without a network; an old one of its name goes. */
  run(name: string, script: string, options?: readonly string[]): void
  /** One command of the engine; gives its stdout. */
  command(...words: readonly string[]): string
}

/** Runs it to its end; an error holds what the engine said. */
export function engineCommand(program: string, words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, words, {
    encoding: 'utf8',
    timeout: 60_000,
    maxBuffer: 256 * 1024 * 1024,
  })
  if (status !== 0) throw new Error(`${program} ${words.join(' ')} failed: ${stderr}`)
  return stdout
}

/** What the programs of containers need here. */
export const containerTools: readonly string[] = ['sh', 'sleep', 'seq', 'cat', 'rm', 'head', 'tr']
