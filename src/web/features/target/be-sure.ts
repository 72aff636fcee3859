/** Before a run on many hosts, or on those of a group that wants it, a person says once more how many. */
import type { AppModel } from '../../app/app-model.ts'
import { previewOf } from './target-preview.ts'

/** More are easily more than somebody had in mind. */
const unaskedHostsMax = 20

/** Whether the run may begin. Asks by a dialog, when there is something to ask. */
export async function beSure(
  { api, confirm }: Pick<AppModel, 'api' | 'confirm'>,
  target: string,
): Promise<boolean> {
  const found = await previewOf(api, target).catch(() => null)
  // What it names is then said by who starts the run.
  if (found === null || found.complaint !== undefined) return true
  const { count, folded, confirm: groups } = found
  if (count <= unaskedHostsMax && groups.length === 0) return true
  return new Promise((resolve) => {
    confirm.value = {
      count,
      folded,
      groups,
      answer: (isSure) => {
        confirm.value = null
        resolve(isSure)
      },
    }
  })
}
