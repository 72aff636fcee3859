/** Before a run on many hosts, or on those of a group that wants it, a person says once more how many. */
import type { AppModel } from '../../app/app-model.ts'
import { previewOf } from './target-preview.ts'

/** More are easily more than somebody had in mind. */
const unaskedHostsMax = 20

export interface MeantRun {
  readonly target: string
  /** Only commands are confirmed for the groups that want it: what is followed changes nothing. */
  readonly isCommand: boolean
  /** What its saved command wants to be asked. */
  readonly question: string | null
}

/** Fields of the request that starts it; null when it is not to begin. Asks by a dialog, when there is something to ask. */
export async function beSure(
  { api, confirm }: Pick<AppModel, 'api' | 'confirm'>,
  { target, isCommand, question }: MeantRun,
): Promise<{ readonly confirm?: true } | null> {
  const found = await previewOf(api, target).catch(() => null)
  // What it names is then said by who starts the run.
  if (found === null || found.complaint !== undefined) return {}
  const { count, folded } = found
  const groups = isCommand ? found.confirm : []
  const isToConfirm = groups.length > 0 || question !== null
  if (count <= unaskedHostsMax && !isToConfirm) return {}
  return new Promise((resolve) => {
    confirm.value = {
      count,
      folded,
      groups,
      question,
      answer: (isSure) => {
        confirm.value = null
        if (!isSure) resolve(null)
        else resolve(isToConfirm ? { confirm: true } : {})
      },
    }
  })
}
