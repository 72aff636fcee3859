/** How many tasks of a run stand where: what succeeded is told beside what did not. */
import { isFinal, type Task } from './run.ts'

const taskStandings = ['ok', 'failed', 'timed out', 'lost', 'not started', 'under way'] as const

/** Where a task stands, in the words of the command line. */
type TaskStanding = (typeof taskStandings)[number]

/** `not started`: no command of it has run, because the run ended before its turn. */
export function standingOf({ state, exitCode, code }: CountedTask): TaskStanding {
  if (!isFinal(state)) return 'under way'
  if (state === 'failed' && code !== null && heldBack.includes(code)) return 'not started'
  if (state === 'lost') return 'lost'
  if (code === 'timed-out') return 'timed out'
  return state === 'ended' && (exitCode ?? 0) === 0 ? 'ok' : 'failed'
}

type CountedTask = Pick<Task, 'state' | 'exitCode' | 'code'>

const heldBack: readonly string[] = ['too-many-failures', 'stopped-before-start', 'timed-out']

/** `7 ok · 1 failed`; nothing of which there is none. */
export function countsText(tasks: readonly CountedTask[]): string {
  const standings = tasks.map(standingOf)
  return taskStandings
    .map((standing) => ({ standing, count: standings.filter((one) => one === standing).length }))
    .filter(({ count }) => count > 0)
    .map(({ standing, count }) => `${count} ${standing}`)
    .join(' · ')
}
