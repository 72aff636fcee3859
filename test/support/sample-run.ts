/** A run as it is before its first line, for tests that only need one to be there. */
import { newTask } from '../../src/core/runs/task-state.ts'
import type { Run } from '../../src/shared/run.ts'
import { planOf } from '../../src/shared/run-plan.ts'

/** A running `seq` on web-1; `more` replaces what the test is about. */
export function sampleRun(more: Partial<Run> = {}): Run {
  return {
    id: `r${'a'.repeat(25)}`,
    target: 'web-1',
    source: { kind: 'command', command: 'seq' },
    mode: 'plain',
    merged: false,
    plan: planOf({}, { kind: 'command' }, 1),
    state: 'running',
    outcome: null,
    lines: 0,
    first: 0,
    next: 0,
    epoch: 1,
    gaps: 0,
    lost: 0,
    duplicated: 0,
    epochs: [],
    reset: null,
    paused: null,
    pinned: false,
    removed: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    endedAt: null,
    tasks: [newTask(0, 'web-1')],
    ...more,
  }
}
