/** Waits for something to become true, with a deadline: what tests use instead of sleeping. */
import { setTimeout as sleep } from 'node:timers/promises'

/** No single step takes this long, also on a very busy machine: what does hangs. */
export const patienceMs = 30_000

/** Resolves with the first value of `look` that is not undefined or false; rejects after `timeoutMs`. */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = patienceMs,
): Promise<T> {
  const end = performance.now() + timeoutMs
  for (;;) {
    const value = await look()
    if (value !== undefined && value !== false) return value
    if (performance.now() > end) throw new Error(`Waited ${timeoutMs} ms in vain: ${what}.`)
    await sleep(20)
  }
}
