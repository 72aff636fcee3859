/** Which hosts stand beside each other. Pure functions. */
import type { Task } from '../../../shared/run.ts'
import type { FilterRule } from '../runs/view-state.ts'

/** A pane narrower than this holds no line that is worth reading. */
const panePxMin = 300
const panesMax = 4

/** As many panes as there is room for. */
export function paneCount(px: number): number {
  return Math.min(panesMax, Math.max(1, Math.floor(px / panePxMin)))
}

/** The tasks of the hosts that the filters leave, in the order of the run. */
export function shownTasks(
  tasks: readonly Task[],
  rules: readonly FilterRule[],
): readonly number[] {
  const rule = rules.find(({ kind }) => kind === 'hosts')
  const shown =
    rule?.kind === 'hosts'
      ? tasks.filter(({ host }) => rule.hosts.includes(host) !== rule.isInverse)
      : tasks
  return shown.map(({ id }) => id)
}

/** The chosen tasks that can be shown, filled up by the ones after them, and at the end by those before. */
export function fillPanes(
  chosen: readonly number[],
  shown: readonly number[],
  count: number,
): readonly number[] {
  const kept = chosen.filter((task) => shown.includes(task)).slice(0, count)
  const start = kept.length === 0 ? 0 : shown.indexOf(kept.at(-1) ?? 0) + 1
  const others = [...shown.slice(start), ...shown.slice(0, start)]
  const more = others.filter((task) => !kept.includes(task)).slice(0, count - kept.length)
  return [...kept, ...more]
}

/** The panes one page on or back; the same at the end. */
export function turnPanes(
  panes: readonly number[],
  shown: readonly number[],
  step: 1 | -1,
): readonly number[] {
  const count = panes.length
  const first = shown.indexOf(panes[0] ?? 0)
  const start = Math.min(Math.max(0, first + step * count), Math.max(0, shown.length - count))
  return shown.slice(start, start + count)
}

/** Another host in a pane; where it stands already, the two change places. */
export function choosePane(panes: readonly number[], at: number, task: number): readonly number[] {
  const other = panes.indexOf(task)
  const before = panes[at]
  const chosen = panes.with(at, task)
  return other < 0 || before === undefined ? chosen : chosen.with(other, before)
}
