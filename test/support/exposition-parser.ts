/** Reads the text format of Prometheus, version 0.0.4, as strictly as its specification allows. */
export interface ParsedFamily {
  readonly name: string
  readonly type: string
  readonly help: string
  readonly samples: ParsedSample[]
}

export interface ParsedSample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** Throws with the line that breaks a rule: unknown form, HELP and TYPE out of order, a sample twice. */
export function parseExposition(text: string): ParsedFamily[] {
  const families: ParsedFamily[] = []
  const seen = new Set<string>()
  let help: { readonly name: string; readonly text: string } | undefined
  if (!text.endsWith('\n')) throw new Error('The last line has no newline.')
  for (const line of text.slice(0, -1).split('\n')) {
    const refuse = (why: string) => new Error(`${why}: ${line}`)
    const [, word, name = '', rest = ''] =
      /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) (.*)$/s.exec(line) ?? []
    if (word === 'HELP') {
      if (help !== undefined) throw refuse('HELP without TYPE before it')
      help = { name, text: unescaped(rest, refuse) }
    } else if (word === 'TYPE') {
      if (help?.name !== name) throw refuse('TYPE without its HELP')
      if (families.some((family) => family.name === name)) throw refuse('family twice')
      if (!['counter', 'gauge', 'histogram'].includes(rest)) throw refuse('unknown type')
      families.push({ name, type: rest, help: help.text, samples: [] })
      help = undefined
    } else {
      const sample = parseSample(line, refuse)
      const family = families.at(-1)
      if (family === undefined || !isOf(family, sample.name))
        throw refuse('sample of another family')
      const key = JSON.stringify([sample.name, sample.labels])
      if (seen.has(key)) throw refuse('sample twice')
      seen.add(key)
      family.samples.push(sample)
    }
  }
  for (const family of families) checkHistogram(family)
  return families
}

/** The value of one sample; throws when it is not there. */
export function valueOf(
  families: readonly ParsedFamily[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  const wanted = JSON.stringify(labels)
  for (const { samples } of families) {
    const found = samples.find(
      (sample) => sample.name === name && JSON.stringify(sample.labels) === wanted,
    )
    if (found !== undefined) return found.value
  }
  throw new Error(`There is no ${name}${wanted}.`)
}

type Refuse = (why: string) => Error

function parseSample(line: string, refuse: Refuse): ParsedSample {
  const match = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/s.exec(line)
  if (match === null) throw refuse('not a sample')
  const [, name = '', inside, number = ''] = match
  return { name, labels: parseLabels(inside, refuse), value: parseNumber(number, refuse) }
}

function parseLabels(inside: string | undefined, refuse: Refuse): Record<string, string> {
  const labels: Record<string, string> = {}
  let rest = inside ?? ''
  while (rest !== '') {
    const match = /^([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"(?:,|$)/s.exec(rest)
    if (match === null) throw refuse('labels cannot be read')
    const [whole, name = '', value = ''] = match
    if (Object.hasOwn(labels, name)) throw refuse('label twice')
    labels[name] = unescaped(value, refuse)
    rest = rest.slice(whole.length)
  }
  return labels
}

function unescaped(text: string, refuse: Refuse): string {
  return text.replaceAll(/\\(.?)/g, (_, char: string) => {
    if (char === 'n') return '\n'
    if (char === '\\' || char === '"') return char
    throw refuse('unknown escape')
  })
}

function parseNumber(text: string, refuse: Refuse): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY
  if (text === '-Inf') return Number.NEGATIVE_INFINITY
  if (text === 'NaN') return Number.NaN
  if (!/^[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[-+]?[0-9]+)?$/i.test(text))
    throw refuse('not a number')
  return Number(text)
}

function isOf({ name, type }: ParsedFamily, sample: string): boolean {
  if (type !== 'histogram') return sample === name
  return [`${name}_bucket`, `${name}_sum`, `${name}_count`].includes(sample)
}

/** Buckets ascend in bound and count, and the last one is that of all values. */
function checkHistogram({ name, type, samples }: ParsedFamily): void {
  if (type !== 'histogram') return
  const buckets = samples.filter((sample) => sample.name === `${name}_bucket`)
  const bounds = buckets.map(({ labels }) =>
    labels['le'] === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels['le']),
  )
  const counts = buckets.map(({ value }) => value)
  const total = samples.find((sample) => sample.name === `${name}_count`)?.value
  const ascends = (values: readonly number[]) =>
    values.every((value, at) => at === 0 || value >= (values[at - 1] ?? 0))
  if (!ascends(bounds) || !ascends(counts)) throw new Error(`The buckets of ${name} do not ascend.`)
  if (bounds.at(-1) !== Number.POSITIVE_INFINITY || counts.at(-1) !== total) {
    throw new Error(`The last bucket of ${name} does not hold all values.`)
  }
}
