/** Makes the start of a run out of one that was, and of what is to be different. */
import { AppError } from '../../shared/errors.ts'
import { foldHosts } from '../../shared/host-set.ts'
import type { RunRequest } from '../../shared/protocol/requests.ts'
import type { RerunHosts, RerunRequest } from '../../shared/protocol/rerun.ts'
import { isFinal, type Run, type SavedUse, type Task } from '../../shared/run.ts'
import { standingOf } from '../../shared/task-counts.ts'
import type { SavedCommands } from '../saved-commands/saved-commands.ts'
import { startOf } from '../saved-commands/start-of.ts'
import type { StartRun } from './run-service.ts'

/** Rejects with `conflict` when there is no such host, and with `bad-request` when a secret is missing. */
export async function rerunStart(
  run: Run,
  { hosts = 'all', parameters, ...changes }: RerunRequest,
  commands: Pick<SavedCommands, 'prepare'>,
): Promise<StartRun> {
  const rerunOf = run.id
  const target = changes.target ?? targetOf(run, hosts)
  const { source = run.source } = changes
  const request: RunRequest = { ...howOf(run), ...changes, target, source }
  if (changes.source !== undefined) return { ...(await startOf(request, commands)).start, rerunOf }
  const { saved } = run
  if (saved === undefined || (parameters === undefined && isPlain(saved))) {
    checkSecrets(run, Object.keys(changes.secrets ?? {}))
    const { start } = await startOf(request, commands)
    return { ...start, ...(saved && { saved }), rerunOf }
  }
  const { source: _, ...how } = request
  const { name, version } = saved
  const values = valuesOf(run.id, saved, parameters ?? {})
  const again = { ...how, saved: { name, version, parameters: values } }
  return { ...(await startOf(again, commands)).start, rerunOf }
}

/** Variables of the command that are secret. */
function checkSecrets({ id, secretNames = [] }: Run, given: readonly string[]): void {
  const missing = secretNames.filter((name) => !given.includes(name))
  if (missing.length > 0) throw notKept(id, missing, 'secrets')
}

function notKept(id: string, names: readonly string[], field: string): AppError {
  const what = names.map((name) => `"${name}"`).join(', ')
  const are = names.length === 1 ? 'is secret and was not kept' : 'are secret and were not kept'
  return new AppError('bad-request', `Of run ${id}, ${what} ${are}.`, {
    hint: `Give it again in "${field}".`,
  })
}

/** How it was run. What is followed has no choice of that. */
function howOf({ mode, merged, plan, source, sudo }: Run): Omit<RunRequest, 'target' | 'source'> {
  const { batch, ...rest } = plan
  const given = Object.entries(rest).filter(([, value]) => value !== null)
  return {
    ...Object.fromEntries(given),
    ...(batch === null ? {} : { batch: String(batch) }),
    ...(source.kind === 'command' ? { mode, merged } : {}),
    ...(sudo === true ? { sudo } : {}),
  }
}

function targetOf(run: Run, hosts: RerunHosts): string {
  if (hosts === 'all') return run.target
  if (run.state !== 'ended') {
    throw new AppError(
      'conflict',
      `Run ${run.id} has not ended: not all of its hosts are known yet.`,
      {
        hint: 'Wait for its end, or stop it first.',
      },
    )
  }
  const wanted = run.tasks.filter((task) => isWanted(task, hosts)).map(({ host }) => host)
  // Of a thousand hosts, too, the target is one that can be read, and is not too long.
  if (wanted.length > 0) return foldHosts(wanted)
  const what = hosts === 'failed' ? 'has failed' : 'has not succeeded'
  throw new AppError('conflict', `No host of run ${run.id} ${what}.`, {
    hint: 'Run it again on all hosts.',
  })
}

function isWanted(task: Task, hosts: 'failed' | 'not-succeeded'): boolean {
  const standing = standingOf(task)
  return (
    isFinal(task.state) && standing !== 'ok' && (hosts !== 'failed' || standing !== 'not started')
  )
}

/** The source of the run says all of it, on whatever host. */
function isPlain({ parameters }: SavedUse): boolean {
  return Object.values(parameters).every((value) => typeof value === 'string')
}

function valuesOf(
  id: string,
  { parameters }: SavedUse,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const missing = Object.entries(parameters)
    .filter(([name, value]) => value === null && !Object.hasOwn(given, name))
    .map(([name]) => name)
  if (missing.length > 0) throw notKept(id, missing, 'parameters')
  const kept = Object.entries(parameters).flatMap(([name, value]) =>
    typeof value === 'string' && value !== '' ? [[name, value] as const] : [],
  )
  return { ...Object.fromEntries(kept), ...given }
}
