/** Figures as text for Prometheus: its exposition format, version 0.0.4. */
import type { Labels, MetricFamily } from '../../core/metrics/metrics.ts'

export const expositionType = 'text/plain; version=0.0.4; charset=utf-8'

/** Each family with its HELP and TYPE line; those without a figure are left out. */
export function exposition(families: readonly MetricFamily[]): string {
  return families
    .filter(({ samples }) => samples.length > 0)
    .map(familyText)
    .join('')
}

function familyText({ name, kind, help, samples }: MetricFamily): string {
  const rows = samples.map(
    ({ suffix, labels, value }) => `${name}${suffix}${labelsText(labels)} ${numberText(value)}\n`,
  )
  return `# HELP ${name} ${helpText(help)}\n# TYPE ${name} ${kind}\n${rows.join('')}`
}

function labelsText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

/** Values of labels can come from users: host names, above all. */
function escaped(value: string): string {
  return helpText(value).replaceAll('"', '\\"')
}

function helpText(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value)
  if (Number.isNaN(value)) return 'NaN'
  return value > 0 ? '+Inf' : '-Inf'
}
