/** The lines of a canary: numbered, and each with a sum over all of it, so that any damage is seen. */

/** What the lines of one channel are made of. */
export interface CanaryPlan {
  /** Tells the lines of one canary from those of another: 1 to 9,999. */
  readonly seed: number
  readonly lines: number
}

export interface CanaryLine {
  /** From 1 up. */
  readonly number: number
  /** When the host sent it, by a clock of its own, in milliseconds; null without a stamp. */
  readonly sentMs: number | null
}

/** Fixed text behind the figures: long enough for a usual line, with bytes beyond ASCII and a tab. */
export const canaryFiller = 'the quick brown fox\tjumps über 懒狗 #########################'

const form = /^farglass canary \d+ (\d+) (-|(?:0|[1-9]\d*)\.\d+) /

/** The line that the text is, or null for a text that no host has sent like this. */
export function readCanaryLine(plan: CanaryPlan, text: string): CanaryLine | null {
  const [, digits, stamp = '-'] = form.exec(text) ?? []
  const number = Number(digits)
  if (!(number >= 1 && number <= plan.lines)) return null
  if (text !== canaryText(plan, number, stamp)) return null
  return { number, sentMs: stamp === '-' ? null : Number(stamp) * 1_000 }
}

/** The text that the host sends, as its script makes it. */
export function canaryText(plan: CanaryPlan, number: number, stamp = '-'): string {
  const sum = sumOf(plan.seed, number, stamp)
  return `farglass canary ${plan.seed} ${number} ${stamp} ${sum} ${canaryFiller}`
}

/** Small enough factors for a shell that calculates with 31 bits. */
export const sumFactor = 31_821
export const sumModulus = 65_521

/** The script does the same. A 1 is put before the fraction, because a leading 0 would mean octal. */
function sumOf(seed: number, number: number, stamp: string): number {
  const [seconds = '0', fraction = ''] = stamp === '-' ? ['0', ''] : stamp.split('.')
  const parts = [number, Number(seconds), Number(`1${fraction}`)]
  return parts.reduce((sum, part) => (sum * sumFactor + (part % sumModulus)) % sumModulus, seed)
}
