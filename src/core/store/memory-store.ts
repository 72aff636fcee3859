/** The reference store: everything in memory, nothing kept. For tests, and the measure of other stores. */
import type { LogStore } from './log-store.ts'
import { MemoryCatalog } from './memory-catalog.ts'
import { MemoryLog } from './memory-log.ts'
import { MemoryRuns } from './memory-runs.ts'
import { MemorySessions } from './memory-sessions.ts'
import type { RunCatalog } from './run-catalog.ts'
import type { SessionStore } from './session-store.ts'

export interface MemoryStore {
  readonly log: LogStore
  readonly catalog: RunCatalog
  readonly sessions: SessionStore
  [Symbol.asyncDispose](): Promise<void>
}

/** An empty store. */
export function createMemoryStore(): MemoryStore {
  const runs = new MemoryRuns()
  const log = new MemoryLog(runs)
  return {
    log,
    catalog: new MemoryCatalog(runs),
    sessions: new MemorySessions(runs),
    [Symbol.asyncDispose]: () => log[Symbol.asyncDispose](),
  }
}
