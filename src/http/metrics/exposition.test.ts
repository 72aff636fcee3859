import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseExposition } from '../../../test/support/exposition-parser.ts'
import { metricTable } from '../../core/metrics/metric-table.ts'
import { createMetrics, type MetricFamily } from '../../core/metrics/metrics.ts'
import { exposition } from './exposition.ts'

describe('the exposition', () => {
  test('has every metric of the table that has a figure, with its help and type', async () => {
    const metrics = createMetrics()
    metrics.observe('farglass_commit_seconds', 0.003)
    const families = parseExposition(exposition(await metrics.read()))
    // What is told by host has no figure before a host is known.
    const counted = Object.entries(metricTable).filter(
      ([, spec]) =>
        spec.kind !== 'gauge' && !('labels' in spec && Object.values(spec.labels).includes(null)),
    )
    expect(families.map(({ name, type, help }) => [name, type, help])).toEqual(
      counted.map(([name, { kind, help }]) => [name, kind, help]),
    )
  })

  test('any label value and any number is read back as it was', () => {
    const samples = fc.uniqueArray(
      fc.record({
        suffix: fc.constant('' as const),
        labels: fc.record({ host: fc.string({ unit: 'binary' }), b: fc.string() }),
        value: fc.double(),
      }),
      { minLength: 1, maxLength: 5, selector: ({ labels }) => JSON.stringify(labels) },
    )
    fc.assert(
      fc.property(samples, fc.string(), (given, help) => {
        const family: MetricFamily = { name: 'farglass_info', kind: 'gauge', help, samples: given }
        const [read] = parseExposition(exposition([family]))
        expect(read?.help).toBe(help)
        expect(read?.samples.map(({ labels, value }) => ({ labels, value: value + 0 }))).toEqual(
          given.map(({ labels, value }) => ({ labels, value: value + 0 })),
        )
      }),
    )
  })

  const head = '# HELP a b\n# TYPE a counter\n'
  const histogram = '# HELP a b\n# TYPE a histogram\n'
  test.each([
    ['a 1\n', 'sample of another family'],
    ['# TYPE a counter\na 1\n', 'TYPE without its HELP'],
    [`${head}a 1`, 'no newline'],
    [`${head}b 1\n`, 'sample of another family'],
    [`${head}a{x="1} 1\n`, 'labels cannot be read'],
    [`${head}a{x="\\q"} 1\n`, 'unknown escape'],
    [`${head}a one\n`, 'not a number'],
    [`${head}a 1\na 2\n`, 'sample twice'],
    [`${histogram}a_bucket{le="1"} 2\na_bucket{le="+Inf"} 1\na_count 1\n`, 'do not ascend'],
    [`${histogram}a_bucket{le="1"} 1\na_count 1\n`, 'does not hold all values'],
  ])('the parser of these tests refuses %j: %s', (text, why) => {
    expect(() => parseExposition(text)).toThrow(why)
  })
})
