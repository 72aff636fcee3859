/** What a benchmark is: one claim about Farglass, measured beside a peer in the same run. */
import type { Sshd } from '../../test/support/sshd.ts'

export interface Claim {
  /** For `--only`. */
  readonly name: string
  readonly measure: (context: BenchContext) => Promise<readonly Figure[]>
}

export interface BenchContext {
  readonly sshd: Sshd
  /** Folder on the disk that is measured; emptied afterwards. */
  readonly folder: string
  /** How often each figure is taken; the median is printed. */
  readonly repeats: number
  /** Smaller loads, to see whether the bench itself works. */
  readonly quick: boolean
  say(progress: string): void
}

/** One row of the table. */
export interface Figure {
  readonly claim: string
  readonly what: string
  /** The median. */
  readonly value: number
  readonly unit: string
  /** All single values, in the order taken. */
  readonly samples: readonly number[]
  /** The bar that the project has set itself, in words. */
  readonly target?: string
  /** The peer measured in the same run that `ratio` compares with. */
  readonly peer?: { readonly what: string; readonly value: number; readonly ratio: number }
}

export interface Rows {
  row(what: string, unit: string, samples: readonly number[]): Figure
  /** The same figure beside a peer of the same run. */
  against(figure: Figure, peer: Figure): Figure
}

/** Makes the rows of one claim. */
export function rowsOf(claim: string): Rows {
  return {
    row: (what, unit, samples) => ({ claim, what, unit, samples, value: median(samples) }),
    against: (figure, peer) => ({
      ...figure,
      peer: { what: peer.what, value: peer.value, ratio: figure.value / peer.value },
    }),
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** Takes a figure as often as the context says, one after the other. */
export async function repeat<T>(times: number, take: () => Promise<T>): Promise<readonly T[]> {
  const all: T[] = []
  for (let turn = 0; turn < times; turn += 1) all.push(await take())
  return all
}
