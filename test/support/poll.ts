import { expect } from 'vitest'

/** Looks again until it is as expected; a busy machine may take longer than the second that `expect.poll` gives. */
export function poll<T>(look: () => T | Promise<T>) {
  return expect.poll(look, { timeout: 12_000 })
}
