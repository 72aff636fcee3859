/** Flags of `farglass run` for saved commands. */
import type { FlagSpec } from './command-line.ts'

export const savedFlags: Readonly<Record<string, FlagSpec>> = {
  saved: {
    value: 'SAVED',
    help: 'run this saved command; its parameters follow "--" as name=value',
  },
}
