import { describe, expect, test } from 'vitest'
import { sampleRun } from '../../../test/support/sample-run.ts'
import { newTask } from '../../core/runs/task-state.ts'
import type { Run } from '../../shared/run.ts'
import { planCanary } from './canary-command.ts'
import { canaryText } from './canary-lines.ts'
import { type CanaryFacts, judgeCanary, type Row, summaryOf } from './canary-report.ts'

const command = planCanary(20, 5)
const out = Array.from({ length: 20 }, (_, at) => canaryText(command.out, at + 1))
const err = Array.from({ length: 2 }, (_, at) => canaryText(command.err, at + 1))
const rows: readonly Row[] = [
  { pos: 0, channel: 'note', text: 'connected to web-1' },
  ...out.map((text, at) => ({ pos: at + 1, channel: 'out', text }) as const),
  ...err.map((text, at) => ({ pos: at + 21, channel: 'err', text }) as const),
]
const ended = { ...newTask(0, 'web-1'), state: 'ended', exitCode: 0 } as const
const end: Run = sampleRun({ state: 'ended', outcome: 'succeeded', lines: 22, tasks: [ended] })
const facts: CanaryFacts = {
  host: 'web-1',
  run: end.id,
  command,
  end,
  wasReset: false,
  stream: rows,
  history: rows,
  raw: { out, err },
  latency: { p50: { minMs: 0.25, maxMs: 31.4 }, p99: { minMs: 9.96, maxMs: 40 } },
}
/** The same with the row of line 3 of stdout left out. */
const lacking = rows.toSpliced(3, 1)

function problemsOf(change: Partial<CanaryFacts>): readonly string[] {
  const report = judgeCanary({ ...facts, ...change })
  expect(report.good).toBe(false)
  expect(report.run).toBe(end.id)
  expect(report.problems.at(-1)).toContain(`Run ${end.id} is kept.`)
  return report.problems
}

describe('the report of a canary', () => {
  test('is good when all lines came three times', () => {
    const report = judgeCanary(facts)
    expect(report).toMatchObject({ good: true, problems: [] })
    expect(summaryOf(report)).toBe(
      '22 lines sent: 0 lost, 0 duplicated, 0 reordered, 0 damaged; latency p50 0.3 to 31 ms, p99 10.0 to 40 ms',
    )
  })

  test('says that the latency is not known, and why', () => {
    expect(summaryOf(judgeCanary({ ...facts, latency: null }))).toContain(
      'latency unknown, as the host has no clock finer than a second',
    )
  })

  test('names the reading, the channel and the line, and what to do when only the stream is wrong', () => {
    const problems = problemsOf({ stream: lacking })
    expect(problems[0]).toBe(
      'Of stdout in the stream 1 line is lost (first number as it was sent: 3).',
    )
    expect(problems.at(-1)).toContain('without a proxy')
    expect(judgeCanary({ ...facts, stream: lacking }).lines).toMatchObject({ sent: 22, lost: 1 })
  })

  test('names a fault of the stored history and of the raw bytes', () => {
    expect(problemsOf({ history: lacking })[0]).toContain(
      'stdout in the stored history 1 line is lost',
    )
    const raw = { out, err: [...err, 'x'] }
    expect(problemsOf({ raw })[0]).toContain('stderr in the raw bytes 1 line is damaged')
  })

  test('sees a position that names two texts', () => {
    const [first, second, third, ...rest] = rows
    const moved = [first, { ...third, pos: 1 }, { ...second, pos: 2 }, ...rest] as Row[]
    expect(problemsOf({ history: moved }).join(' ')).toContain('Position 1 has another line')
  })

  test('tells time that was up, a bad end, gaps, other counts and new positions', () => {
    expect(problemsOf({ end: undefined, stream: rows.slice(0, 4) })[0]).toContain('Only 3 of 22')
    const lost = { ...ended, state: 'lost', message: 'The link went down. Try again.' } as const
    expect(problemsOf({ end: { ...end, tasks: [lost] } })[0]).toBe('The link went down. Try again.')
    const failed = { ...ended, exitCode: 127 }
    expect(problemsOf({ end: { ...end, tasks: [failed] } })[0]).toContain('exit code 127')
    expect(problemsOf({ end: { ...end, gaps: 2 } })[0]).toContain('2 gaps')
    expect(problemsOf({ end: { ...end, lines: 21 } })[0]).toContain('counts 21 lines of 22')
    expect(problemsOf({ wasReset: true })[0]).toContain('given anew')
  })
})
