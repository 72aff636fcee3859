/** What a canary has found, and the sentences for it. Pure. */
import type { Channel, SourceChannel } from '../../shared/channel.ts'
import { limits } from '../../shared/limits.ts'
import type { Run, RunId } from '../../shared/run.ts'
import {
  addCounts,
  checkCanaryLines,
  faultNames,
  isFaultless,
  type LineCheck,
  type LineCounts,
  worstCounts,
} from './canary-check.ts'
import type { CanaryCommand } from './canary-command.ts'
import type { Between, Latency } from './canary-latency.ts'

export interface CanaryReport {
  readonly host: string
  readonly good: boolean
  /** The run that is kept; null when there is none. */
  readonly run: RunId | null
  /** Of stdout and stderr together; of the worst reading when they differ. */
  readonly lines: LineCounts
  /** Null without a good run, or without a clock on the host that is finer than a second. */
  readonly latency: Latency | null
  /** Sentences: what is wrong, and what to do. */
  readonly problems: readonly string[]
  /** Something that says nothing against the lines. */
  readonly remark?: string
}

/** A line as a reader got it. */
export interface Row {
  readonly pos: number
  readonly channel: Channel
  readonly text: string
}

export interface CanaryFacts {
  readonly host: string
  readonly run: RunId
  readonly command: CanaryCommand
  /** Undefined when time was up before the end. */
  readonly end: Run | undefined
  readonly wasReset: boolean
  readonly stream: readonly Row[]
  readonly history: readonly Row[]
  readonly raw: Readonly<Record<SourceChannel, readonly string[]>>
  readonly latency: Latency | null
}

/** Good is only what has come complete, in order and undamaged in all three readings. */
export function judgeCanary(facts: CanaryFacts): CanaryReport {
  const { host, run, command, stream, history, raw } = facts
  const readings = [
    readingOf(streamName, command, textsOf(stream)),
    readingOf('the stored history', command, textsOf(history)),
    readingOf('the raw bytes', command, raw),
  ]
  const problems = [
    ...endProblems(facts),
    ...readings.flatMap(faultsOf),
    ...placeProblems(stream, history),
  ]
  const good = problems.length === 0
  return {
    host,
    good,
    run,
    lines: worstCounts(readings.map(({ out, err }) => addCounts([out, err]))),
    latency: facts.latency,
    problems: good ? [] : [...problems, advice(readings, run)],
  }
}

/** A canary of which no line could be tried. */
export function failedReport(host: string, problem: string): CanaryReport {
  const lines = { sent: 0, lost: 0, duplicated: 0, reordered: 0, damaged: 0 }
  return { host, good: false, run: null, lines, latency: null, problems: [problem] }
}

/** One line about it, without the problems. */
export function summaryOf({ lines, latency, problems }: CanaryReport): string {
  if (lines.sent === 0) return problems[0] ?? 'no line was sent.'
  const { sent, lost, duplicated, reordered, damaged } = lines
  const counts = `${lost} lost, ${duplicated} duplicated, ${reordered} reordered, ${damaged} damaged`
  const time =
    latency === null
      ? 'latency unknown, as the host has no clock finer than a second'
      : `latency p50 ${range(latency.p50)}, p99 ${range(latency.p99)}`
  return `${sent.toLocaleString('en')} lines sent: ${counts}; ${time}`
}

interface Reading {
  readonly name: string
  readonly out: LineCheck
  readonly err: LineCheck
}

type Texts = Readonly<Record<SourceChannel, readonly string[]>>

function readingOf(name: string, { out, err }: CanaryCommand, texts: Texts): Reading {
  return { name, out: checkCanaryLines(out, texts.out), err: checkCanaryLines(err, texts.err) }
}

function textsOf(rows: readonly Row[]): Texts {
  const of = (channel: SourceChannel) =>
    rows.filter((row) => row.channel === channel).map(({ text }) => text)
  return { out: of('out'), err: of('err') }
}

function faultsOf({ name, out, err }: Reading): string[] {
  return [...channelFaults(`stdout in ${name}`, out), ...channelFaults(`stderr in ${name}`, err)]
}

function channelFaults(place: string, check: LineCheck): string[] {
  return faultNames
    .filter((fault) => check[fault] > 0)
    .map((fault) => {
      const count = check[fault] === 1 ? '1 line is' : `${check[fault]} lines are`
      const which = fault === 'damaged' ? 'number as it came' : 'number as it was sent'
      return `Of ${place} ${count} ${fault} (first ${which}: ${check.examples[fault] ?? 'unknown'}).`
    })
}

function endProblems({ end, wasReset, stream, command }: CanaryFacts): string[] {
  const sent = command.out.lines + command.err.lines
  if (end === undefined) {
    const came = stream.filter(({ channel }) => channel !== 'note').length
    return [
      `Only ${came} of ${sent} lines had come when time was up (${limits.canaryMs / 1_000} s), and the run was stopped.`,
    ]
  }
  const problems: string[] = []
  const [task] = end.tasks
  if (task?.state !== 'ended' || task.exitCode !== 0) {
    const how = task?.message ?? `The command ended with exit code ${task?.exitCode ?? 'unknown'}.`
    problems.push(how)
  }
  if (end.gaps > 0) problems.push(`The run has ${end.gaps} gaps: its notes say which and why.`)
  if (end.lines !== sent) problems.push(`The server counts ${end.lines} lines of ${sent}.`)
  if (wasReset) problems.push('Positions were given anew while the run was read.')
  return problems
}

/** The same position must name the same text in both readings, notes included. */
function placeProblems(stream: readonly Row[], history: readonly Row[]): string[] {
  const stored = new Map(history.map((row) => [row.pos, row]))
  const moved = stream.find(({ pos, channel, text }) => {
    const other = stored.get(pos)
    return other !== undefined && (other.text !== text || other.channel !== channel)
  })
  if (moved === undefined) return []
  return [`Position ${moved.pos} has another line in the stored history than it had in the stream.`]
}

/** What to do depends on how far the lines came whole. */
function advice(readings: readonly Reading[], run: RunId): string {
  const bad = readings.filter(({ out, err }) => !isFaultless(out) || !isFaultless(err))
  const what =
    bad.length === 1 && bad[0]?.name === streamName
      ? 'The store has all lines, so they were changed on the way here: try --server with the address of the server itself, without a proxy.'
      : 'Look at the notes of this run, and try again; report it when lines are wrong again.'
  return `${what} Run ${run} is kept.`
}

const streamName = 'the stream'

function range({ minMs, maxMs }: Between): string {
  return `${milliseconds(minMs)} to ${milliseconds(maxMs)} ms`
}

function milliseconds(ms: number): string {
  return ms < 10 ? ms.toFixed(1) : ms.toFixed(0)
}
