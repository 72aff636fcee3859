/** The run modes by name. A new mode joins here, and in `modeNames` of shared/run.ts. */
import type { Mode } from '../../../shared/run.ts'
import { plainMode } from './plain-mode.ts'
import { ptyMode } from './pty-mode.ts'
import type { RunMode } from './run-mode.ts'

export const modes: Readonly<Record<Mode, RunMode>> = { plain: plainMode, pty: ptyMode }
