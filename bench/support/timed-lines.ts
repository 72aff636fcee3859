/** The steady load: 1,000 lines of 100 bytes a second unless said otherwise, held back until all viewers are there. */
import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunRequest } from '../../src/shared/protocol/requests.ts'
import type { BenchContext } from './claim.ts'
import { typedCommand } from './typed-process.ts'

export interface LinesPace {
  readonly linesPerSecond: number
  readonly seconds: number
}

export interface TimedLines {
  readonly linesPerSecond: number
  readonly count: number
  /** Writes at once; for peers that have no viewers to wait for. */
  readonly command: string
  /** A run that waits for `go`. */
  readonly request: RunRequest
  go(): Promise<void>
}

export function timedLines(
  context: BenchContext,
  { linesPerSecond = 1_000, seconds = context.quick ? 3 : 10 }: Partial<LinesPace> = {},
): TimedLines {
  const count = linesPerSecond * seconds
  const signal = join(context.folder, `go-${randomUUID()}`)
  const words = typedCommand('timed-lines.ts', [String(linesPerSecond), String(count)])
  const command = words.map((word) => `'${word}'`).join(' ')
  const waiting = `until [ -e '${signal}' ]; do sleep 0.1; done; exec ${command}`
  return {
    linesPerSecond,
    count,
    command,
    request: { target: context.sshd.alias, source: { kind: 'command', command: waiting } },
    go: () => writeFile(signal, ''),
  }
}
