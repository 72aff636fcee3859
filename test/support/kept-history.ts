/** Keeps what a failed trial has left, so that it can be looked at: histories, truth and the plan of faults. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { History, WrittenTruth } from './history-checker.ts'

export interface TrialRecord {
  readonly seed: number
  readonly faults: readonly string[]
  readonly plan: readonly unknown[]
  readonly truth: WrittenTruth
  readonly histories: readonly History[]
  /** Whatever else helps, by file name. */
  readonly more?: Readonly<Record<string, string>>
}

/** Writes all of it to a new folder and gives its path. */
export function keepHistory(record: TrialRecord): string {
  const folder = mkdtempSync(join(tmpdir(), `farglass-history-${record.seed}-`))
  const { seed, faults, plan } = record
  writeFileSync(join(folder, 'trial.json'), JSON.stringify({ seed, faults, plan }, null, 2))
  writeFileSync(join(folder, 'truth.out'), record.truth.out)
  writeFileSync(join(folder, 'truth.err'), record.truth.err)
  for (const { who, lines } of record.histories) {
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
    writeFileSync(join(folder, `${who.replaceAll(/[^a-z0-9]+/gi, '-')}.jsonl`), text)
  }
  for (const [name, text] of Object.entries(record.more ?? {})) {
    writeFileSync(join(folder, name), text)
  }
  return folder
}
