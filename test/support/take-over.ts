/** Takes a run over whoever owns it. */
import type { AcquiredRun, RunCatalog } from '../../src/core/store/run-catalog.ts'

export async function takeOver(
  catalog: RunCatalog,
  id: string,
  owner: string,
): Promise<AcquiredRun> {
  const { epoch = 1 } = (await catalog.get(id)) ?? {}
  const acquired = await catalog.acquire(id, owner, epoch)
  if (acquired === undefined) throw new Error(`Somebody else took run ${id} over meanwhile.`)
  return acquired
}
