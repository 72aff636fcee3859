/** The end of many viewers at once, within the time that a trial has. */
import type { RecordingViewer } from './recording-viewer.ts'

/** Waits for the end of all; gives a fault for each that did not come to it. */
export async function endOf(
  viewers: readonly RecordingViewer[],
  over: AbortSignal,
): Promise<string[]> {
  const tooLate = new Promise<'late'>((resolve) => {
    if (over.aborted) resolve('late')
    over.addEventListener('abort', () => resolve('late'), { once: true })
  })
  const faults = await Promise.all(
    viewers.map(async ({ done, history }) => {
      const refused = (thrown: unknown) => `${history.who}: ${String(thrown)}`
      const end = await Promise.race([done.then(() => '', refused), tooLate])
      return end === 'late' ? `${history.who}: no end in time` : end
    }),
  )
  return faults.filter((fault) => fault !== '')
}
