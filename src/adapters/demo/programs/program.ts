/** What a demo program is given, and the loop that most of them are. */
import type { Random } from './random.ts'

export interface Program {
  /** One line for `demo-help`. */
  readonly summary: string
  run(stage: Stage): Promise<void>
}

export interface Stage {
  readonly random: Random
  /** First argument; null when none was given. */
  readonly count: number | null
  /** Lines per second of `--rate`; null for the program's own pace. */
  readonly rate: number | null
  /** Name of the demo host that it runs on. */
  readonly host: string
  now(): Date
  /** Both resolve once the text has been taken, so that a slow reader slows the program down. */
  out(text: string): Promise<void>
  err(text: string): Promise<void>
  pause(ms: number): Promise<void>
}

/** Calls `step` `count` times, or for ever, at `--rate` or with the pauses that `step` asks for. */
export async function paced(stage: Stage, step: (index: number) => Promise<number>): Promise<void> {
  const { count, rate } = stage
  const startMs = performance.now()
  for (let index = 0; count === null || index < count; index += 1) {
    const pauseMs = await step(index)
    const dueMs = rate === null ? 0 : startMs + ((index + 1) * 1_000) / rate - performance.now()
    // Timers are coarse: at high rates several lines go out per pause.
    if (rate !== null && dueMs < 4) continue
    await stage.pause(rate === null ? pauseMs : dueMs)
  }
}

/** Traffic as people make it: mostly close together, sometimes a lull. */
export function humanPauseMs(random: Random): number {
  return random.chance(0.08) ? random.int(500, 1_400) : random.int(15, 260)
}
