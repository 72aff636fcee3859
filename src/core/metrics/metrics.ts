/** Port: what this process counts while it works, and its one implementation, in memory. */
import { type MetricName, type MetricSpec, metricTable } from './metric-table.ts'

export type Labels = Readonly<Record<string, string>>

export interface Metrics {
  /** Counts one more, or `amount` more. */
  add(name: MetricName<'counter'>, amount?: number, labels?: Labels): void
  /** Sets the value of a gauge, or of a counter that somebody else counts. */
  set(name: MetricName<'counter' | 'gauge'>, value: number, labels?: Labels): void
  /** One more value of a histogram. */
  observe(name: MetricName<'histogram'>, value: number): void
  /** Calls `look` before each reading, to set what is known elsewhere, until the returned function is called. */
  beforeReading(look: () => void | Promise<void>): () => void
  /** All figures, in the order of the table. */
  read(): Promise<readonly MetricFamily[]>
}

export interface MetricFamily {
  readonly name: MetricName
  readonly kind: MetricSpec['kind']
  readonly help: string
  readonly samples: readonly Sample[]
}

export interface Sample {
  /** What follows the name of the family. */
  readonly suffix: '' | '_bucket' | '_sum' | '_count'
  readonly labels: Labels
  readonly value: number
}

/** Figures that start at zero. */
export function createMetrics(): Metrics {
  const families = new Map<MetricName, Family>()
  const family = (name: MetricName): Family => {
    const known = families.get(name) ?? new Family(metricTable[name])
    families.set(name, known)
    return known
  }
  const looks = new Set<() => void | Promise<void>>()
  return {
    add: (name, amount = 1, labels = {}) => family(name).add(amount, labels),
    set: (name, value, labels = {}) => family(name).set(value, labels),
    observe: (name, value) => family(name).observe(value),
    beforeReading: (look) => {
      looks.add(look)
      return () => {
        looks.delete(look)
      }
    },
    read: async () => {
      await Promise.all([...looks].map(async (look) => look()))
      // The keys of a constant table are its names.
      const names = Object.keys(metricTable) as MetricName[]
      return names.map((name) => {
        const { kind, help } = metricTable[name]
        return { name, kind, help, samples: family(name).samples() }
      })
    },
  }
}

class Family {
  readonly #spec: MetricSpec
  readonly #values = new Map<string, { readonly labels: Labels; value: number }>()
  /** How many values fell into each bucket; the last one has no bound. */
  readonly #counts: number[]
  #sum = 0

  constructor(spec: MetricSpec) {
    this.#spec = spec
    this.#counts = [...(spec.buckets ?? []), 0].map(() => 0)
    // A counter that is not there yet cannot be told from one that is gone.
    if (spec.kind === 'counter') for (const labels of labelSets(spec)) this.set(0, labels)
  }

  add(amount: number, labels: Labels): void {
    const known = this.#values.get(keyOf(labels))
    if (known === undefined) this.set(amount, labels)
    else known.value += amount
  }

  set(value: number, labels: Labels): void {
    this.#values.set(keyOf(labels), { labels, value })
  }

  observe(value: number): void {
    const at = this.#spec.buckets?.findIndex((bound) => value <= bound) ?? -1
    const bucket = at < 0 ? this.#counts.length - 1 : at
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1
    this.#sum += value
  }

  samples(): Sample[] {
    if (this.#spec.kind === 'histogram') return this.#histogram()
    return [...this.#values.values()].map(({ labels, value }) => ({ suffix: '', labels, value }))
  }

  /** Each bucket counts all values up to its bound. */
  #histogram(): Sample[] {
    let count = 0
    const buckets = this.#counts.map((own, at): Sample => {
      count += own
      const bound = this.#spec.buckets?.[at]
      const le = bound === undefined ? '+Inf' : String(bound)
      return { suffix: '_bucket', labels: { le }, value: count }
    })
    return [
      ...buckets,
      { suffix: '_sum', labels: {}, value: this.#sum },
      { suffix: '_count', labels: {}, value: count },
    ]
  }
}

/** Every combination of labels whose values are all known; none when users choose one of them. */
function labelSets(spec: MetricSpec): Labels[] {
  let sets: Labels[] = [{}]
  for (const [name, values] of Object.entries(spec.labels ?? {})) {
    sets = sets.flatMap((set) => (values ?? []).map((value) => ({ ...set, [name]: value })))
  }
  return sets
}

function keyOf(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
