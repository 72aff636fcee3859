/** The figures of `npm run bench` as a file, and how those of a later run take their place among them. */
import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Figure } from './claim.ts'

/** A figure with the name of the bench that measured it, as `--only` takes it, and the day. */
export interface MeasuredFigure extends Figure {
  readonly bench?: string | undefined
  readonly date?: string | undefined
}

export interface Report {
  readonly machine: { readonly summary: string; readonly date: string }
  readonly quick: boolean
  readonly repeats: number
  readonly figures: readonly MeasuredFigure[]
}

/** Undefined when the file is not there. Throws when it is none of ours. */
export function readReport(path: string): Report | undefined {
  if (!existsSync(path)) return undefined
  const parsed = reportSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')))
  if (parsed.success) return parsed.data
  throw new Error(`${path} holds no figures of "npm run bench": ${z.prettifyError(parsed.error)}`)
}

/**
 * The figures of `kept` with those of `taken` in the place of all that the same benches or claims
 * had there, so that benches which ran alone, one after the other on a quiet machine, make one file.
 */
export function mergeReports(kept: Report, taken: Report): Report {
  const refusal = whyNot(kept, taken)
  if (refusal !== undefined) throw new Error(refusal)
  const claims = new Set(taken.figures.map(({ claim }) => claim))
  const benches = new Set(taken.figures.map(({ bench }) => bench))
  const isTaken = ({ claim, bench }: MeasuredFigure): boolean =>
    claims.has(claim) || (bench !== undefined && benches.has(bench))
  const at = kept.figures.findIndex(isTaken)
  const rest = kept.figures
    .filter((figure) => !isTaken(figure))
    .map((figure) => ({ ...figure, date: figure.date ?? kept.machine.date }))
  const before = at < 0 ? rest.length : at
  return {
    ...taken,
    figures: [...rest.slice(0, before), ...taken.figures, ...rest.slice(before)],
  }
}

/** Figures that differ in how they were taken cannot stand in one table. */
function whyNot(kept: Report, taken: Report): string | undefined {
  if (taken.figures.length === 0) return 'Nothing was measured, so there is nothing to merge.'
  if (kept.machine.summary !== taken.machine.summary)
    return `The file is of another machine (${kept.machine.summary}); this is ${taken.machine.summary}.`
  if (kept.quick !== taken.quick)
    return 'Quick figures cannot be merged with whole ones: take both the same way.'
  return undefined
}

const figureSchema = z.object({
  claim: z.string(),
  what: z.string(),
  value: z.number(),
  unit: z.string(),
  samples: z.array(z.number()),
  target: z.string().exactOptional(),
  peer: z.object({ what: z.string(), value: z.number(), ratio: z.number() }).exactOptional(),
  bench: z.string().exactOptional(),
  date: z.string().exactOptional(),
})

const reportSchema = z.object({
  machine: z.object({ summary: z.string(), date: z.string() }),
  quick: z.boolean(),
  repeats: z.number(),
  figures: z.array(figureSchema),
})
