/** Why hosts failed, each reason once with all hosts that it stopped. */

import { countedState } from '../../../shared/counted-state.ts'
import type { Run, Task } from '../../../shared/run.ts'
import type { Catalog } from '../../i18n/en.ts'
import { refusalText } from '../../i18n/refusal-words.ts'
import { stateWord } from '../runs/state-word.ts'

export interface FailureGroup {
  readonly reason: string
  readonly hosts: readonly string[]
}

/** Most hosts first. */
export function failureGroups(run: Run, t: Catalog): readonly FailureGroup[] {
  const groups = new Map<string, string[]>()
  for (const task of run.tasks) {
    const word = countedState(task, run)
    if (word !== 'failed' && word !== 'lost') continue
    const reason = reasonOf(task, t)
    const hosts = groups.get(reason) ?? []
    hosts.push(task.host)
    groups.set(reason, hosts)
  }
  return [...groups]
    .map(([reason, hosts]) => ({ reason, hosts }))
    .toSorted((a, b) => b.hosts.length - a.hosts.length)
}

/** Without the name of the host, so that the same reason is the same text. */
function reasonOf(task: Task, t: Catalog): string {
  const { code, message, host } = task
  if (message === null) return stateWord(task, t)
  return refusalText({ code, message }).replaceAll(host, '…')
}
