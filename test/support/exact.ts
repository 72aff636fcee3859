/** The verdict of a chaos test: store, export and every viewer against what was written on the host. */
import { expect } from 'vitest'
import type { HttpApi } from '../../src/client/http-api.ts'
import type { RunId } from '../../src/shared/run.ts'
import { differencesOf, faultsOf } from './history-checker.ts'
import { keepHistory } from './kept-history.ts'
import type { RecordingViewer } from './recording-viewer.ts'
import { storedHistory, storeFaults } from './stored-history.ts'
import type { Truth } from './truth.ts'

export interface Verdict {
  readonly api: HttpApi
  readonly run: RunId
  readonly truth: Truth
  readonly viewers: readonly RecordingViewer[]
  readonly seed: number
  /** What was injected, for whoever looks at a failure. */
  readonly plan?: readonly unknown[]
  readonly more?: Readonly<Record<string, string>>
}

/** Fails unless the run is exact everywhere. */
export async function expectExact(verdict: Verdict): Promise<void> {
  expect(await faultsOfRun(verdict)).toEqual([])
}

/** Every fault as a sentence; when there are some, the histories are kept and their folder is printed. */
export async function faultsOfRun(verdict: Verdict): Promise<string[]> {
  const { api, run, truth, viewers, seed, plan = [], more = {} } = verdict
  const written = truth.written()
  const store = await storedHistory(api, run)
  const starts = truth.starts()
  const faults = [
    ...(starts === 1 ? [] : [`the command was started ${starts} times`]),
    ...(truth.isDone() ? [] : ['the command has not come to its end']),
    ...(await storeFaults(api, run, written)),
    ...viewers.flatMap(({ history }) => faultsOf(history, written)),
    ...viewers.flatMap(({ history }) => differencesOf(store, history)),
    ...viewers.flatMap(({ history, resets }) =>
      resets === 0 ? [] : [`${history.who}: history was given anew ${resets} times`],
    ),
  ]
  if (faults.length > 0) {
    const histories = [store, ...viewers.map(({ history }) => history)]
    const state = JSON.stringify(await api.get(run), null, 2)
    const record = { seed, faults, plan, truth: written, histories }
    const folder = keepHistory({ ...record, more: { ...more, 'run.json': state } })
    faults.push(`kept in ${folder}; FARGLASS_SEED=${seed} repeats it`)
  }
  return faults
}
