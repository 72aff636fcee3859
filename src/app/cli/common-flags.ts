/** Flags that several commands share, with the same meaning everywhere. */
import type { FlagSpec } from './command-line.ts'

/** Of every command that prints lines. */
export const printingFlags: Readonly<Record<string, FlagSpec>> = {
  json: { value: null, help: 'one JSON object per line' },
  raw: { value: null, help: 'send a terminal the bytes as they are (they can act on it)' },
}

/** Of every command that starts a run. */
export const startingFlags: Readonly<Record<string, FlagSpec>> = {
  detach: {
    value: null,
    help: 'print the id of the run and leave it: to the server, or without one on its hosts',
  },
  'accept-host-key': {
    value: 'SHA256:…',
    help: 'trust an unknown host key with this fingerprint (repeatable)',
  },
}
