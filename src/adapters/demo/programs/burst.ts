/** `burst`: many numbered lines as fast as they can be taken. */
import type { Program } from './program.ts'

export const burst: Program = {
  summary: 'COUNT (100000) numbered lines at once',
  run: async (stage) => {
    const count = stage.count ?? 100_000
    for (let from = 1; from <= count; from += blockLines) {
      const length = Math.min(blockLines, count - from + 1)
      const lines = Array.from({ length }, (_, index) => line(from + index))
      await stage.out(lines.join(''))
    }
  },
}

/** About 64 KB, what a pipe holds. */
const blockLines = 640

function line(number: number): string {
  return `${String(number).padStart(9, '0')} the quick brown fox jumps over the lazy dog, again and again, until the last line is here\n`
}
