/** Removes folders of tests, in which what was ended a moment ago may still write. */
import { rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'

const attemptsMax = 50
const pauseMs = 50

/** Removes it with all that is in it; one that is not there is fine. */
export function removeFolder(path: string): Promise<void> {
  // Begins anew each time, so that it sees what has come meanwhile.
  return rm(path, { recursive: true, force: true, maxRetries: 10 })
}

/** The same without a promise, for what runs as the process exits. */
export function removeFolderSync(path: string): void {
  for (let attempt = 1; ; attempt++) {
    try {
      rmSync(path, { recursive: true, force: true })
      return
    } catch (thrown) {
      // The retries of rmSync itself remove the folder again, but nothing that has come into it.
      if (attempt === attemptsMax || !isNotEmpty(thrown)) throw thrown
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs)
    }
  }
}

function isNotEmpty(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOTEMPTY'
}
