/** Unguessable names from the operating system's random numbers. */
import { randomInt } from 'node:crypto'

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** `r` and 25 characters `[a-z0-9]` (129 bits). */
export function newRunId(): string {
  return `r${randomName(25)}`
}

/** `length` characters `[a-z0-9]`, each equally likely. */
export function randomName(length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')
}
