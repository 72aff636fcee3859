/** Retention as the fake server knows it: a month of lines, and one saved command with a rule of its own. */
import type { RetentionPolicy, RetentionPreview } from '../../src/shared/retention.ts'

const dayMs = 86_400_000

const policy: RetentionPolicy = {
  ageMs: 30 * dayMs,
  runsMax: null,
  bytesMax: 10 * 1024 ** 3,
  rowAgeMs: 365 * dayMs,
  saved: [{ name: 'nightly-backup', ageMs: null, runsMax: 50 }],
}

const preview: RetentionPreview = {
  lines: { runs: 12, bytes: 1_288_490_188 },
  rows: { runs: 0, bytes: 0 },
  kept: { runs: 214, bytes: 6_442_450_944 },
  pinned: { runs: 3, bytes: 734_003_200 },
}

export function retentionAnswer({ pathname }: URL): object {
  return pathname.endsWith('/preview') ? preview : policy
}
