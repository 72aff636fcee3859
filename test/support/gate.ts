/** Holds a command on a host back until the test lets it go on: what a sleep in it would leave to luck. */
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeFolder } from './remove-folder.ts'

export interface Gate extends AsyncDisposable {
  /** For the command: it waits here, as one command of sh. */
  readonly wait: string
  open(): Promise<void>
}

/** Closed at first. */
export async function makeGate(): Promise<Gate> {
  const directory = await mkdtemp(join(tmpdir(), 'fg-gate-'))
  const file = join(directory, 'open')
  return {
    wait: `until [ -e ${file} ]; do sleep 0.05; done`,
    open: () => writeFile(file, ''),
    [Symbol.asyncDispose]: () => removeFolder(directory),
  }
}
