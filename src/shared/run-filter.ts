/** Which runs are listed: conditions on a run, all of which must hold. Every store decides by the same rules. */
import { type Outcome, type Run, type RunState, type Source, starterKinds } from './run.ts'

export interface RunFilter {
  /** In one of these states; likewise for outcomes. */
  readonly states?: readonly RunState[]
  readonly outcomes?: readonly Outcome[]
  /** With a task on this host, as it is written in its target. */
  readonly host?: string
  /** With this text in its target, or in what is run or followed. Only ASCII letters ignore case. */
  readonly text?: string
  /** Started from the saved command with this name. */
  readonly saved?: string
  /** Only those that this kind of thing started, or of it the one with the name; or only those of people. */
  readonly startedBy?: { readonly kind: Starter; readonly name?: string }
  /** Only those that are pinned, or only those that are not. */
  readonly pinned?: boolean
  /** Created at this time or later, and before this one, in ISO 8601 UTC as runs have it. */
  readonly since?: string
  readonly until?: string
}

/** Who starts runs. */
export const starters = [...starterKinds, 'person'] as const
export type Starter = (typeof starters)[number]

export function matchesFilter(run: Run, filter: RunFilter): boolean {
  const { states, outcomes, host, text, saved, startedBy, pinned, since, until } = filter
  return (
    isOneOf(run.state, states) &&
    isOneOf(run.outcome, outcomes) &&
    (host === undefined || run.tasks.some((task) => task.host === host)) &&
    (text === undefined || lowerAscii(runText(run)).includes(lowerAscii(text))) &&
    isAsWanted(run.saved?.name, saved) &&
    isStartedBy(run, startedBy) &&
    isAsWanted(run.pinned, pinned) &&
    isWithin(run.createdAt, since, until)
  )
}

function isOneOf<T>(value: T | null, wanted: readonly T[] | undefined): boolean {
  return wanted === undefined || (value !== null && wanted.includes(value))
}

function isStartedBy(
  { startedBy }: Pick<Run, 'startedBy'>,
  wanted: RunFilter['startedBy'],
): boolean {
  if (wanted === undefined) return true
  if (startedBy === undefined) return wanted.kind === 'person'
  return startedBy.kind === wanted.kind && isAsWanted(startedBy.name, wanted.name)
}

function isAsWanted<T>(value: T | undefined, wanted: T | undefined): boolean {
  return wanted === undefined || value === wanted
}

function isWithin(time: string, since = '', until: string | null = null): boolean {
  return time >= since && (until === null || time < until)
}

/** The target in one line, and what is run or followed in those after it. */
function runText({ target, source }: Run): string {
  return `${target}\n${wordsOf(source)}`
}

/** What is run or followed, as text. */
export function wordsOf(source: Source): string {
  switch (source.kind) {
    case 'command':
      return source.command
    case 'files':
      return source.paths.join(' ')
    case 'journal':
      return source.unit
    case 'container':
      return source.name
  }
}

function lowerAscii(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
}
