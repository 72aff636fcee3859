/** The run modes by name, for each kind of source. A new mode joins here, and in `modeNames` of shared/run.ts. */
import type { Mode, Source } from '../../../shared/run.ts'
import { containerMode } from './container-mode.ts'
import { durableMode } from './durable-mode.ts'
import { followMode } from './follow-mode.ts'
import { journalMode } from './journal-mode.ts'
import { plainMode } from './plain-mode.ts'
import { ptyMode } from './pty-mode.ts'
import type { RunMode } from './run-mode.ts'

const commandModes: Readonly<Record<Mode, (command: string) => RunMode>> = {
  durable: durableMode,
  plain: plainMode,
  pty: ptyMode,
}

/** How a source of this kind is read in this mode. */
export function modeFor(source: Source, mode: Mode): RunMode {
  if (source.kind === 'command') return commandModes[mode](source.command)
  if (source.kind === 'files') return followMode(source)
  return source.kind === 'journal' ? journalMode(source) : containerMode(source)
}
