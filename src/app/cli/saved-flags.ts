/** Flags of `farglass run` for saved commands. */
import type { FlagSpec } from './command-line.ts'

export const savedFlags: Readonly<Record<string, FlagSpec>> = {
  saved: {
    value: 'SAVED',
    help: 'run this saved command; its parameters follow "--" as name=value',
  },
  'secret-file': {
    value: 'NAME=FILE',
    help: 'read its secret parameter from a file (or from FARGLASS_SECRET_NAME; else it is asked)',
  },
  yes: {
    value: null,
    help: 'do not ask before a saved command or a group that wants to be confirmed',
  },
}
