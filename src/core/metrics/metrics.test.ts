import { describe, expect, test } from 'vitest'
import { type MetricSpec, metricTable } from './metric-table.ts'
import { createMetrics, type Metrics } from './metrics.ts'

async function familyOf(metrics: Metrics, name: string) {
  return (await metrics.read()).find((each) => each.name === name)?.samples ?? []
}

async function samplesOf(metrics: Metrics, name: string) {
  const samples = await familyOf(metrics, name)
  return samples.map(({ suffix, labels, value }) => [suffix, labels, value])
}

describe('the metrics', () => {
  test('a counter is there from the start, with zero for each of its known labels', async () => {
    const metrics = createMetrics()
    expect(await samplesOf(metrics, 'farglass_gaps_total')).toEqual([['', {}, 0]])
    metrics.add('farglass_tasks_ended_total', 2, { state: 'lost' })
    metrics.add('farglass_tasks_ended_total', 1, { state: 'lost' })
    expect(await samplesOf(metrics, 'farglass_tasks_ended_total')).toEqual([
      ['', { state: 'ended' }, 0],
      ['', { state: 'failed' }, 0],
      ['', { state: 'lost' }, 3],
    ])
  })

  test('a gauge is there once it is known, and holds the newest value', async () => {
    const metrics = createMetrics()
    expect(await samplesOf(metrics, 'farglass_viewers')).toEqual([])
    metrics.set('farglass_viewers', 3)
    metrics.set('farglass_viewers', 1)
    expect(await samplesOf(metrics, 'farglass_viewers')).toEqual([['', {}, 1]])
  })

  test('a bucket counts the values up to its bound, the last one all of them', async () => {
    const metrics = createMetrics()
    for (const value of [0.0005, 0.003, 0.003, 60]) {
      metrics.observe('farglass_commit_seconds', value)
    }
    const samples = await familyOf(metrics, 'farglass_commit_seconds')
    const counts = new Map(
      samples.map(({ suffix, labels, value }) => [`${suffix}${JSON.stringify(labels)}`, value]),
    )
    expect(counts.get('_bucket{"le":"0.0005"}')).toBe(1)
    expect(counts.get('_bucket{"le":"0.0025"}')).toBe(1)
    expect(counts.get('_bucket{"le":"0.005"}')).toBe(3)
    expect(counts.get('_bucket{"le":"2.5"}')).toBe(3)
    expect(counts.get('_bucket{"le":"+Inf"}')).toBe(4)
    expect(counts.get('_count{}')).toBe(4)
    expect(counts.get('_sum{}')).toBeCloseTo(60.0065)
  })

  test('who knows a figure is asked at each reading, until it says that it is gone', async () => {
    const metrics = createMetrics()
    let viewers = 0
    const leave = metrics.beforeReading(async () => {
      metrics.set('farglass_viewers', ++viewers)
    })
    await metrics.read()
    expect(await samplesOf(metrics, 'farglass_viewers')).toEqual([['', {}, 2]])
    leave()
    expect(await samplesOf(metrics, 'farglass_viewers')).toEqual([['', {}, 2]])
  })
})

describe('the table of metrics', () => {
  const rows: readonly (readonly [string, MetricSpec])[] = Object.entries(metricTable)

  test.each(rows)('%s is named by the conventions of Prometheus', (name, spec) => {
    expect(name).toMatch(/^(?:farglass|process)_[a-z0-9]+(?:_[a-z0-9]+)*$/)
    expect(name.endsWith('_total')).toBe(spec.kind === 'counter')
    // Base units only, no kind in the name, and no label name that has a meaning of its own.
    expect(name).not.toMatch(
      /_(?:ms|milliseconds|minutes|kb|mb|percent|counter|gauge|histogram)(?:_|$)/,
    )
    expect(Object.keys(spec.labels ?? {})).not.toContain('quantile')
    expect(Object.keys(spec.labels ?? {})).not.toContain('le')
    expect(spec.help).toMatch(/^[A-Z].*\.$/)
    const buckets = spec.buckets ?? []
    expect(spec.kind === 'histogram').toBe(buckets.length > 0)
    expect(buckets).toEqual([...buckets].sort((a, b) => a - b))
  })
})
