/** One canary on one host: known lines by the whole path, read back in every way that a viewer has. */
import type { FarglassApi, FollowEvent } from '../../client/api.ts'
import { AppError, sentenceOf, toAppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import type { Run, RunId, Task } from '../../shared/run.ts'
import { type CanaryCommand, canaryCommand, planCanary } from './canary-command.ts'
import { latencyOf, type Stamp } from './canary-latency.ts'
import { readCanaryLine } from './canary-lines.ts'
import { type CanaryReport, failedReport, judgeCanary, type Row } from './canary-report.ts'

export interface CanaryParts {
  readonly api: FarglassApi
  /** What becomes of questions that the host asks before a run. */
  readonly questionsOf: (run: RunId) => CanaryQuestions
  readonly host: string
  /** Lines of stdout; stderr gets a tenth of it on top. */
  readonly lines: number
  /** 1 to 9,998. */
  readonly seed: number
  readonly signal: AbortSignal
  /** Other limits than `canaryOpenMs` and `canaryMs`. */
  readonly openMs?: number
  readonly linesMs?: number
}

export interface CanaryQuestions {
  take(task: Task): void
  close(): void
}

/**
 * A first run opens the connection and answers questions, so that the second one, which counts, has
 * no login in it. A good canary leaves no run behind; a bad one leaves its second run as evidence.
 */
export async function runCanary(parts: CanaryParts): Promise<CanaryReport> {
  try {
    await openWay(parts)
    return await tryLines(parts)
  } catch (thrown) {
    const { message, hint } = toAppError(thrown)
    return failedReport(parts.host, [message, hint].join(' ').trim())
  }
}

/** Nobody is asked to confirm a canary: what it runs changes nothing on the host. */
async function openWay(parts: CanaryParts): Promise<void> {
  const { api, host } = parts
  const source = { kind: 'command', command: ':' } as const
  const { id } = await api.start({ target: host, source, confirm: true })
  const signal = timeUp(parts, parts.openMs ?? limits.canaryOpenMs)
  const seen = await follow(parts, id, { signal, take: () => undefined })
  if (seen.end === undefined) await leave(parts, id)
  const [task] = seen.end?.tasks ?? []
  await remove(api, id)
  if (task?.state === 'ended' && task.exitCode === 0) return
  throw new AppError(task?.code ?? 'connection-lost', noWay(task), { hint: '' })
}

function noWay(task: Task | undefined): string {
  if (task === undefined) {
    const seconds = limits.canaryOpenMs / 1_000
    return `The host let no command run within ${seconds} s. Try "farglass doctor HOST" with it.`
  }
  if (task.message !== null) return task.message
  const how = task.signal ?? `exit code ${task.exitCode ?? 'unknown'}`
  return `The host ran the command ":" with ${how}. Look at the login shell and the files that it reads.`
}

async function tryLines(parts: CanaryParts): Promise<CanaryReport> {
  const { api, host } = parts
  const command = planCanary(parts.lines, parts.seed)
  const askedMs = performance.now()
  const source = { kind: 'command', command: canaryCommand(command) } as const
  const { id } = await api.start({ target: host, source, confirm: true })
  const live = await readLive(parts, id, command)
  if (live.end === undefined) await leave(parts, id)
  const report = judgeCanary({
    host,
    run: id,
    command,
    end: live.end,
    wasReset: live.wasReset,
    stream: live.rows,
    history: await readHistory(api, id),
    raw: await readRaw(api, id),
    latency: latencyOf(live.stamps, askedMs),
  })
  if (!report.good) return report
  const complaint = await remove(api, id)
  return complaint === undefined ? { ...report, run: null } : { ...report, remark: complaint }
}

interface Live extends Followed {
  readonly rows: readonly Row[]
  readonly stamps: readonly Stamp[]
}

async function readLive(parts: CanaryParts, id: RunId, { out }: CanaryCommand): Promise<Live> {
  const rows: Row[] = []
  const stamps: Stamp[] = []
  const take = (row: Row) => {
    rows.push(row)
    const sentMs = readCanaryLine(out, row.text)?.sentMs ?? null
    if (sentMs !== null) stamps.push({ sentMs, seenMs: performance.now() })
  }
  const followed = await follow(parts, id, {
    signal: timeUp(parts, parts.linesMs ?? limits.canaryMs),
    take,
  })
  return { ...followed, rows, stamps }
}

interface Followed {
  /** Undefined when time was up before. */
  readonly end: Run | undefined
  readonly wasReset: boolean
}

interface Following {
  readonly signal: AbortSignal
  readonly take: (row: Row) => void
}

/** As any viewer follows. */
async function follow(
  { api, questionsOf }: CanaryParts,
  id: RunId,
  { signal, take }: Following,
): Promise<Followed> {
  const questions = questionsOf(id)
  let end: Run | undefined
  let wasReset = false
  try {
    for await (const event of api.follow(id, 0, signal)) {
      for (const task of tasksOf(event)) questions.take(task)
      for (const row of rowsOf(event)) take(row)
      if (event.kind === 'reset') wasReset = true
      if (event.kind === 'end') end = event.run
    }
    return { end, wasReset }
  } finally {
    questions.close()
  }
}

function tasksOf(event: FollowEvent): readonly Task[] {
  if (event.kind === 'run') return event.run.tasks
  return event.kind === 'task' ? [event.task] : []
}

function rowsOf(event: FollowEvent): readonly Row[] {
  if (event.kind !== 'lines') return []
  const rows = event.groups.flatMap(({ channel, lines }) =>
    lines.map((text) => ({ channel, text })),
  )
  return rows.map((row, at) => ({ ...row, pos: event.pos + at }))
}

async function readHistory(api: FarglassApi, id: RunId): Promise<readonly Row[]> {
  const rows: Row[] = []
  let from = 0
  for (;;) {
    const page = await api.lines(id, from, limits.pageLinesMax)
    rows.push(...page.lines.map(({ pos, channel, text }) => ({ pos, channel, text })))
    if (page.lines.length === 0) return rows
    from = page.next
  }
}

/** As a download gives it: the bytes, in which a newline ends each line. */
async function readRaw(api: FarglassApi, id: RunId): Promise<{ out: string[]; err: string[] }> {
  const { next } = await api.get(id)
  const [out, err] = await Promise.all(
    (['out', 'err'] as const).map((channel) =>
      api.bytes(id, { task: 0, channel, from: 0, to: next }),
    ),
  )
  return { out: textsIn(out), err: textsIn(err) }
}

function textsIn(bytes: Uint8Array | undefined): string[] {
  const texts = new TextDecoder().decode(bytes).split('\n')
  // What is behind the last newline is a line only when it is not empty.
  if (texts.at(-1) === '') texts.pop()
  return texts
}

/** What still runs is ended. Throws when that is because nobody wants to know any more. */
async function leave({ api, signal }: CanaryParts, id: RunId): Promise<void> {
  await api.stop(id).catch(() => undefined)
  signal.throwIfAborted()
}

/** Why the run could not be removed, if so: it says nothing against the lines. */
async function remove(api: FarglassApi, id: RunId): Promise<string | undefined> {
  try {
    await api.remove(id)
    return undefined
  } catch (thrown) {
    return `Run ${id} could not be removed: ${sentenceOf(toAppError(thrown))}`
  }
}

function timeUp({ signal }: CanaryParts, ms: number): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(ms)])
}
