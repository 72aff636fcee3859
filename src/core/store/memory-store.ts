/** The reference store: everything in memory, nothing kept. For tests, and the measure of other stores. */

import { MemoryRunWatch } from '../nodes/memory-run-watch.ts'
import type { RunWatch } from '../nodes/run-watch.ts'
import type { HotLog } from './hot-log.ts'
import { MemoryCatalog } from './memory-catalog.ts'
import { MemoryLog } from './memory-log.ts'
import { MemoryRecords } from './memory-records.ts'
import { MemoryRuns } from './memory-runs.ts'
import { MemorySessions } from './memory-sessions.ts'
import type { RecordStore } from './record-store.ts'
import type { RunCatalog } from './run-catalog.ts'
import type { SessionStore } from './session-store.ts'

export interface MemoryStore {
  readonly log: HotLog
  readonly catalog: RunCatalog
  readonly sessions: SessionStore
  readonly records: RecordStore
  /** Rings for every change, whoever makes it. */
  readonly watch: RunWatch
  [Symbol.asyncDispose](): Promise<void>
}

/** An empty store. */
export function createMemoryStore(): MemoryStore {
  const watch = new MemoryRunWatch()
  const runs = new MemoryRuns(watch)
  const log = new MemoryLog(runs)
  return {
    log,
    catalog: new MemoryCatalog(runs),
    sessions: new MemorySessions(runs),
    records: new MemoryRecords(runs),
    watch,
    [Symbol.asyncDispose]: () => log[Symbol.asyncDispose](),
  }
}
