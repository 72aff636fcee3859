/** `npm run reference`: writes docs/reference from the sources, and from bench/baseline.json the figures in the READMEs, docs/operate/nodes.md and docs/operate/scale.md. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { commandSpecs } from '../src/app/cli/commands.ts'
import { helpOf } from '../src/app/cli/help.ts'
import { readVersion } from '../src/app/version.ts'
import { type MetricSpec, metricTable } from '../src/core/metrics/metric-table.ts'
import { automationLimits } from '../src/shared/automation-limits.ts'
import { errorTable } from '../src/shared/errors.ts'
import { limits } from '../src/shared/limits.ts'
import { withBenchTable, withNodesTable } from './bench-table.ts'
import { manPage } from './man-page.ts'
import { withScaleTables } from './scale-tables.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

interface Limit {
  readonly name: string
  readonly value: number
  readonly reason: string
}

/** Text of each generated page by its path. */
export async function referencePages(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ['docs/reference/errors.md', errorsPage()],
    ['docs/reference/limits.md', limitsPage()],
    ['docs/reference/metrics.md', metricsPage()],
    ['docs/reference/command-line.md', await commandLinePage()],
    ['man/farglass.1', manPage(await commandSpecs(), readVersion())],
    ['docs/operate/nodes.md', withNodesTable(read('docs/operate/nodes.md'), root)],
    ['docs/operate/scale.md', withScaleTables(read('docs/operate/scale.md'), root)],
    ['README.md', withBenchTable(read('README.md'), 'en', root)],
    ['README.zh-CN.md', withBenchTable(read('README.zh-CN.md'), 'zh', root)],
  ])
}

function errorsPage(): string {
  const rows = Object.entries(errorTable).map(
    ([code, { status, hint }]) => `| \`${code}\` | ${status} | ${cell(hint)} |`,
  )
  return page('Errors', 'src/shared/errors.ts', [
    'Every error of the API is `{ "error": { "code", "message", "hint" } }`: what happened, to what, and what to do.',
    'Codes with status 502 say why a task failed. They are in the task (`code`, `message`) and in the run as a note,',
    'and never make a request for the run itself fail.',
    '',
    '| code | HTTP status | what to do, unless the error says something closer |',
    '|---|---|---|',
    ...rows,
  ])
}

function limitsPage(): string {
  const rows = readLimits().map(
    ({ name, value, reason }) => `| \`${name}\` | ${amount(name, value)} | ${cell(reason)} |`,
  )
  return page('Limits', 'src/shared/limits.ts and automation-limits.ts', [
    'Every buffer, queue, wait and length has a limit. They are fixed in this version.',
    '',
    '| limit | value | why |',
    '|---|---|---|',
    ...rows,
  ])
}

function metricsPage(): string {
  const specs: readonly (readonly [string, MetricSpec])[] = Object.entries(metricTable)
  const rows = specs.map(
    ([name, spec]) => `| \`${name}\` | ${spec.kind} | ${labelsOf(spec)} | ${cell(spec.help)} |`,
  )
  return page('Metrics', 'src/core/metrics/metric-table.ts', [
    'Every figure of `GET /metrics`. How to collect and what to watch: [operate/metrics.md](../operate/metrics.md).',
    '',
    '| name | kind | labels | meaning |',
    '|---|---|---|---|',
    ...rows,
  ])
}

function labelsOf({ labels = {} }: MetricSpec): string {
  return Object.entries(labels)
    .map(([name, values]) => `\`${name}\`${values === null ? '' : `: ${values.join(', ')}`}`)
    .join('; ')
}

async function commandLinePage(): Promise<string> {
  const specs = await commandSpecs()
  return page('Command line', 'the tables of flags in src/app/cli', [
    'What each command says of itself with `--help`. In words: [the guide](../guide/command-line.md).',
    ...specs.flatMap((spec) => ['', `## ${spec.name}`, '', '```text', helpOf(spec).trim(), '```']),
  ])
}

function page(title: string, source: string, body: readonly string[]): string {
  const origin = `<!-- Written by "npm run reference" from ${source}. Do not edit. -->`
  return `${[origin, '', `# ${title}`, '', ...body].join('\n')}\n`
}

/** Names and values from the module itself, the reason from the comment above: one may stand over several. */
function readLimits(): readonly Limit[] {
  return [
    ...limitsOf(limits, ['src/shared/limits.ts', 'src/shared/shared-store-limits.ts']),
    ...limitsOf(automationLimits, ['src/shared/automation-limits.ts']),
  ]
}

function limitsOf(
  values: Readonly<Record<string, number>>,
  files: readonly string[],
): readonly Limit[] {
  const source = files.map(read).join('')
  const found: Limit[] = []
  let reason = ''
  for (const [, comment, name] of source.matchAll(/^ {2}(?:\/\*\*\s+(.+?)\s*\*\/|(\w+): )/gms)) {
    if (comment !== undefined)
      reason = comment.replaceAll(/\s*\n\s*\*\s*/g, ' ').replace(/^\*\s*/, '')
    if (name !== undefined) found.push({ name, value: values[name] ?? Number.NaN, reason })
  }
  if (found.length !== Object.keys(values).length)
    throw new Error(`${files.join()} reads otherwise now`)
  return found
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

/** The value with the unit that its name ends in. */
function amount(name: string, value: number): string {
  if (name.includes('Bytes')) return bytes(value)
  if (/Ms(?:Max|Min)?$/.test(name)) return duration(value)
  if (name.endsWith('IntervalS')) return duration(value * 1_000)
  return value.toLocaleString('en')
}

function bytes(value: number): string {
  if (value % 2 ** 20 === 0) return `${value / 2 ** 20} MiB`
  if (value % 2 ** 10 === 0) return `${value / 2 ** 10} KiB`
  return `${value} bytes`
}

function duration(ms: number): string {
  if (ms >= 24 * 3_600_000) return `${ms / (24 * 3_600_000)} days`
  if (ms >= 3_600_000) return `${ms / 3_600_000} h`
  if (ms > 120_000) return `${ms / 60_000} min`
  return ms >= 1_000 ? `${ms / 1_000} s` : `${ms} ms`
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const [path, text] of await referencePages()) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
}
