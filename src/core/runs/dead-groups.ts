/** Ends on their hosts what commands of a process that is gone may have left there, after a dead network. */
import { isFinal, type Run } from '../../shared/run.ts'
import type { Clock } from '../clock.ts'
import type { RemoteHosts } from '../remote/remote-host.ts'
import { decodeCommand } from './command-progress.ts'
import { endLeftover } from './leftover.ts'
import { endGroup } from './modes/held-session.ts'
import { taskDestination } from './run-hosts.ts'
import { nobodyIsAsked } from './task-errors.ts'

export interface DeadGroupsParts {
  readonly hosts: RemoteHosts
  readonly clock: Clock
  readonly random: () => number
  readonly newNonce: () => string
}

/** A run as it was when its process died, and what its tasks had kept with their lines. */
export interface DeadRun {
  readonly run: Run
  readonly progress: ReadonlyMap<number, string>
}

/**
 * A command that ends with its session ends on a host that hears of the session's end. Others are
 * looked for, as `endLeftover` does. Resolves when that is over or the signal aborts; never rejects.
 */
export async function endDeadGroups(
  { run, progress }: DeadRun,
  parts: DeadGroupsParts,
  signal: AbortSignal,
): Promise<void> {
  if (run.source.kind !== 'command') return
  const ends = run.tasks.map(async (task) => {
    const { id, state, exitCode } = task
    const { group } = decodeCommand(progress.get(id))
    if (group === undefined) return
    if (isFinal(state) || exitCode !== null) return
    const destination = taskDestination(task)
    const ask = () => Promise.reject(nobodyIsAsked())
    const connect = (until: AbortSignal) => parts.hosts.connect({ destination, ask }, until)
    const end = endGroup(group, { nonce: parts.newNonce(), clock: parts.clock })
    await endLeftover(end, { ...parts, connect }, signal)
  })
  await Promise.all(ends)
}
