/** Starts what is typed, or a run once more: asks first where that is due. Loaded when somebody runs something. */
import { toAppError } from '../../shared/errors.ts'
import type { RunRequest } from '../../shared/protocol/requests.ts'
import type { Run } from '../../shared/run.ts'
import { planRequest } from '../features/options/run-options.ts'
import { sourceOf } from '../features/runs/draft-source.ts'
import { countedState } from '../features/runs/task-counts.ts'
import { beSure } from '../features/target/be-sure.ts'
import { type Again, type AppModel, type Draft, sentenceOf } from './app-model.ts'

type Parts = Pick<AppModel, 'api' | 'confirm' | 'draft'>

/** Null when there is no run: somebody was not sure, or the draft holds why. */
export function startDraft(parts: Parts): Promise<Run | null> {
  const { api, draft } = parts
  return start(parts, draft.target.value.trim(), async (key) => api.start(requestOf(draft), key))
}

/** As `startDraft`, of the same as before. */
export function startAgain(parts: Parts, run: Run, how: Again): Promise<Run | null> {
  const target = how.hosts === 'failed' ? failedHosts(run).join(',') : run.target
  // A terminal has one stream, with nothing to merge.
  const change = how.mode === 'pty' ? { ...how, merged: false } : how
  return start(parts, target, (key) => parts.api.rerun(run.id, { hosts: 'all', ...change }, key))
}

/** Those that `failed` names: lost ones too. */
export function failedHosts(run: Run): readonly string[] {
  return run.tasks
    .filter((task) => ['failed', 'lost'].includes(countedState(task, run)))
    .map(({ host }) => host)
}

async function start(
  parts: Parts,
  target: string,
  ask: (key: string | undefined) => Promise<Run>,
): Promise<Run | null> {
  const { draft } = parts
  try {
    if (!(await beSure(parts, target))) return null
    // A repeated request, after a lost answer for instance, must not run the command twice.
    const run = await ask(crypto.randomUUID?.())
    draft.problem.value = null
    return run
  } catch (thrown) {
    draft.problem.value = sentenceOf(toAppError(thrown))
    return null
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
