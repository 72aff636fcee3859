/** `farglass doctor --canary`: sends known lines by the whole path and says what has come of them. */
import { randomInt } from 'node:crypto'
import { limits } from '../../shared/limits.ts'
import { parseTarget } from '../../shared/target.ts'
import type { CanaryReport } from '../canary/canary-report.ts'
import { summaryOf } from '../canary/canary-report.ts'
import { runCanary } from '../canary/canary-run.ts'
import { canaryLinesDefault, canarySeedMax } from '../canary/periodic-canary.ts'
import { type CommandLine, type CommandSpec, usage } from './command-line.ts'
import { connect } from './connect.ts'
import { type CliContext, onStopSignal } from './context.ts'
import { exitStatus } from './exit-status.ts'
import { previewOf } from './hosts.ts'
import { createQuestions } from './questions.ts'

/** Exit status 0 when all is good on every host. One host after the other: a person may be asked. */
export async function doctorCanary(
  spec: CommandSpec,
  line: CommandLine,
  context: CliContext,
): Promise<number> {
  const target = line.values('canary').join(',')
  parseTarget(target)
  const lines = linesOf(spec, line)
  await using connection = await connect(line)
  const { api } = connection
  const { hosts } = await previewOf(api, target)
  const leave = new AbortController()
  using _interrupt = onStopSignal(() => leave.abort())
  const questionsOf = (run: string) =>
    createQuestions({
      acceptedKeys: [],
      answer: (task, answer) => api.answer(run, task, answer),
      say: context.say,
    })
  let hasFailed = false
  for (const host of hosts) {
    const seed = randomInt(1, canarySeedMax + 1)
    const report = await runCanary({ api, questionsOf, host, lines, seed, signal: leave.signal })
    if (leave.signal.aborted) return exitStatus.interrupted
    hasFailed ||= !report.good
    const text = line.has('json') ? `${JSON.stringify(report)}\n` : textOf(report)
    await context.output.write('out', text)
  }
  return hasFailed ? exitStatus.failed : exitStatus.ok
}

function linesOf(spec: CommandSpec, line: CommandLine): number {
  const text = line.value('lines')
  if (text === undefined) return canaryLinesDefault
  const lines = Number(text)
  if (/^[0-9]{1,6}$/.test(text) && lines >= 1 && lines <= limits.canaryLinesMax) return lines
  throw usage(spec, `--lines: "${text}" is not a number from 1 to ${limits.canaryLinesMax}`)
}

function textOf(report: CanaryReport): string {
  const { host, good, lines, problems, remark } = report
  const more = lines.sent === 0 ? problems.slice(1) : problems
  const rows = [...more, ...(remark === undefined ? [] : [remark])]
  const head = `${good ? 'ok  ' : 'FAIL'}  ${host}: ${summaryOf(report)}\n`
  return head + rows.map((row) => `        ${row}\n`).join('')
}
