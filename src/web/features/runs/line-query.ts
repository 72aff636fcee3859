/** Filters and a search as the server takes them, and as the page can tell by itself. Pure functions. */
import type { LineFilter } from '../../../client/api.ts'
import { visibleText } from '../../../shared/display.ts'
import { createTextTest } from '../../../shared/line-test.ts'
import type { WireLine } from '../../../shared/protocol/events.ts'
import type { Task } from '../../../shared/run.ts'
import { patternOfTerm, printTerms, type TextTerm } from '../../../shared/text-term.ts'
import type { LineQuery } from '../viewer/matched-lines.ts'
import type { FilterRule } from './view-state.ts'

/** No task has this number: a filter may leave no host. */
const noTask = 999_999

type TaskName = Pick<Task, 'id' | 'host'>

/** Lines for which all rules hold, and the search, if there is one. */
export function lineQuery(
  rules: readonly FilterRule[],
  tasks: readonly TaskName[],
  search: TextTerm | null = null,
): LineQuery {
  const terms = [
    ...rules.flatMap((rule) => (rule.kind === 'text' ? [rule.term] : [])),
    ...(search === null ? [] : [search]),
  ]
  const fields = fieldsOf(rules, tasks, terms)
  const texts = terms.map((term) => ({ pattern: patternOfTerm(term), isInverse: term.isInverse }))
  const levels = rules.find((rule) => rule.kind === 'levels')?.levels ?? null
  const slow = terms.some(({ isRegex }) => isRegex) ? { texts, levels } : null
  const isText = slow === null ? createTextTest({ texts, levels }) : () => null
  return { fields, isWanted: createTest(rules, tasks, isText), slow }
}

/** The tasks whose lines are shown; null for all. */
function shownTasks(
  rules: readonly FilterRule[],
  tasks: readonly TaskName[],
): ReadonlySet<number> | null {
  const rule = rules.find(({ kind }) => kind === 'hosts')
  if (rule?.kind !== 'hosts') return null
  const shown = tasks.filter(({ host }) => rule.hosts.includes(host) !== rule.isInverse)
  return new Set(shown.map(({ id }) => id))
}

function fieldsOf(
  rules: readonly FilterRule[],
  tasks: readonly TaskName[],
  terms: readonly TextTerm[],
): LineFilter {
  const fields: LineFilter = terms.length === 0 ? {} : { text: printTerms(terms) }
  return rules.reduce<LineFilter>((sum, rule) => {
    switch (rule.kind) {
      case 'hosts': {
        const shown = [...(shownTasks([rule], tasks) ?? [])]
        return { ...sum, task: shown.length === 0 ? String(noTask) : shown.join(',') }
      }
      case 'channels':
        return { ...sum, channel: rule.channels.join(',') }
      case 'levels':
        return { ...sum, level: rule.levels.join(',') }
      case 'time':
        return {
          ...sum,
          ...(rule.since !== null && { since: rule.since }),
          ...(rule.until !== null && { until: rule.until }),
        }
      case 'text':
        return sum
    }
  }, fields)
}

/**
 * What the server would say of a line, where that is certain and quick. A regular expression is for the
 * server, which can be rid of one that takes for ever; so is a line that came without its end.
 */
function createTest(
  rules: readonly FilterRule[],
  tasks: readonly TaskName[],
  isText: ((text: string) => boolean | null) | null,
): LineQuery['isWanted'] {
  const isOther = rules.map((rule) => ruleTest(rule, tasks)).filter((isMet) => isMet !== null)
  return (line) => {
    if (!isOther.every((isMet) => isMet(line))) return false
    if (isText === null) return true
    return line.bytes === undefined ? isText(visibleText(line.text)) : null
  }
}

function ruleTest(
  rule: FilterRule,
  tasks: readonly TaskName[],
): ((line: WireLine) => boolean) | null {
  switch (rule.kind) {
    case 'hosts': {
      const shown = shownTasks([rule], tasks)
      return ({ task }) => shown?.has(task) === true
    }
    case 'channels':
      return ({ channel }) => rule.channels.includes(channel)
    case 'time': {
      const since = rule.since === null ? -Infinity : Date.parse(rule.since)
      const until = rule.until === null ? Infinity : Date.parse(rule.until)
      return ({ time }) => Date.parse(time) >= since && Date.parse(time) < until
    }
    case 'levels':
    case 'text':
      return null
  }
}
