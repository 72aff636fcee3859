import { expect } from 'vitest'
import { patienceMs } from './until.ts'

/** Looks again until it is as expected; a busy machine may take longer than the second that `expect.poll` gives. */
export function poll<T>(look: () => T | Promise<T>) {
  return expect.poll(look, { timeout: patienceMs })
}
