/** The commands of `farglass`, each loaded only when it is asked for; in the order of the help. */
import type { CommandSpec } from './command-line.ts'
import type { CliContext } from './context.ts'

export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  serve: () => import('./serve.ts'),
  run: () => import('./run.ts'),
  rerun: () => import('./rerun.ts'),
  tail: () => import('./tail.ts'),
  attach: () => import('./attach.ts'),
  runs: () => import('./runs.ts'),
  search: () => import('./search.ts'),
  export: () => import('./export.ts'),
  import: () => import('./import.ts'),
  pin: () => import('./pin.ts'),
  retention: () => import('./retention.ts'),
  stop: () => import('./stop.ts'),
  saved: () => import('./saved.ts'),
  alerts: () => import('./alerts.ts'),
  schedules: () => import('./schedules.ts'),
  triggers: () => import('./triggers.ts'),
  secrets: () => import('./secrets.ts'),
  hosts: () => import('./hosts.ts'),
  doctor: () => import('./doctor.ts'),
  completion: () => import('./completion.ts'),
}

export interface Command {
  readonly spec: CommandSpec
  run(args: readonly string[], context: CliContext): Promise<number>
}

/** What each says of itself, in the same order. */
export function commandSpecs(): Promise<readonly CommandSpec[]> {
  return Promise.all(Object.values(commands).map(async (load) => (await load()).spec))
}
