/** Starts what is typed, or a run once more: asks first where that is due. Loaded when somebody runs something. */
import { createSavedCommandsApi } from '../../client/saved-commands-api.ts'
import { countedState } from '../../shared/counted-state.ts'
import { AppError, toAppError } from '../../shared/errors.ts'
import type { ListedRun } from '../../shared/listed-run.ts'
import type { RunRequest } from '../../shared/protocol/requests.ts'
import type { Run, SavedUse } from '../../shared/run.ts'
import { planRequest } from '../features/options/run-options.ts'
import { sourceOf } from '../features/runs/draft-source.ts'
import { questionOf } from '../features/saved/saved-question.ts'
import { beSure, type MeantRun } from '../features/target/be-sure.ts'
import type { Again, AppModel, Draft } from './app-model.ts'
import { newKey } from './new-key.ts'

type Parts = Pick<AppModel, 'session' | 'confirm' | 'draft'>

/** Null when there is no run: somebody was not sure, or the draft holds why. */
export function startDraft(parts: Parts): Promise<Run | null> {
  const { draft, session } = parts
  const meant = async (): Promise<MeantRun> => ({
    target: draft.target.value.trim(),
    isCommand: draft.source.value === 'command',
    question: null,
  })
  return start(parts, meant, async (sure, key) =>
    session.api.start({ ...requestOf(draft), ...sure }, key),
  )
}

/** As `startDraft`, of the same as before. */
export async function startAgain(
  parts: Parts,
  run: Run | ListedRun,
  how: Again,
): Promise<Run | null> {
  // Only who sees the tasks of a run can ask for those that failed.
  const isFailed = how.hosts === 'failed' && 'tasks' in run
  const target = isFailed ? failedHosts(run).join(',') : run.target
  // A terminal has one stream, with nothing to merge.
  const change = how.mode === 'pty' ? { ...how, merged: false } : how
  const meant = async (): Promise<MeantRun> => ({
    target,
    isCommand: run.source.kind === 'command',
    question: run.saved === undefined ? null : await savedQuestion(parts, run.saved, target),
  })
  return start(parts, meant, (sure, key) =>
    parts.session.api.rerun(run.id, { hosts: 'all', ...change, ...sure }, key),
  )
}

/** Null when it asks nothing, or is not there any more. */
async function savedQuestion(
  { session }: Parts,
  { name, parameters }: SavedUse,
  target: string,
): Promise<string | null> {
  const api = createSavedCommandsApi((path, init) => session.api.request(path, init))
  try {
    const given = Object.entries(parameters).flatMap(([key, value]) =>
      typeof value === 'string' ? [[key, value] as const] : [],
    )
    return questionOf(await api.get(name), target, new Map(given))
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'not-found') return null
    throw thrown
  }
}

/** Those that `failed` names: lost ones too. */
export function failedHosts(run: Run): readonly string[] {
  return run.tasks
    .filter((task) => ['failed', 'lost'].includes(countedState(task, run)))
    .map(({ host }) => host)
}

/** A click more on the same button does not mean a run more. */
let isUnderWay = false

async function start(
  parts: Parts,
  meant: () => Promise<MeantRun>,
  ask: (sure: { readonly confirm?: true }, key: string) => Promise<Run>,
): Promise<Run | null> {
  if (isUnderWay) return null
  isUnderWay = true
  const { draft, confirm, session } = parts
  try {
    const sure = await beSure({ api: session.api, confirm }, await meant())
    if (sure === null) return null
    // A repeated request, after a lost answer for instance, must not run the command twice.
    const run = await ask(sure, newKey())
    draft.problem.value = null
    return run
  } catch (thrown) {
    draft.problem.value = toAppError(thrown)
    return null
  } finally {
    isUnderWay = false
  }
}

/** Throws when an option cannot be read. */
function requestOf(draft: Draft): RunRequest {
  const mode = draft.mode.value
  const target = draft.target.value.trim()
  const source = sourceOf(draft.source.value, draft.command.value)
  // How something that is followed is read is nobody's choice.
  if (source.kind !== 'command') return { target, source }
  return {
    target,
    source,
    mode: mode === 'merged' ? 'durable' : mode,
    merged: mode === 'merged',
    ...planRequest(draft.options.value),
    ...(draft.options.value.sudo !== undefined && { sudo: true }),
  }
}
