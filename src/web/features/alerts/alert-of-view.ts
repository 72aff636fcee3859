/** An alert of what somebody looks at: filters and search of a run as the address of a new alert. Pure. */
import type { Run } from '../../../shared/run.ts'
import { sourceText } from '../../../shared/source.ts'
import type { TextTerm } from '../../../shared/text-term.ts'
import type { Filter, ViewState } from '../runs/view-state.ts'
import { type AlertDraft, emptyAlert } from './alert-draft.ts'
import { editPath } from './automation-lists.ts'

/** Null when the view leaves all lines: then there is nothing to be told of. */
export function alertPathOf({ filters, search }: ViewState, run: Run): string | null {
  const held = filters.filter(({ isOn }) => isOn)
  const texts = held.flatMap((filter) => (filter.kind === 'text' ? [filter.term] : []))
  const term = [...texts, ...(search === null ? [] : [search])].find(isFound)
  const lines = { ...termFields(term), ...held.map(fieldsOf).reduce(merged, {}) }
  if (Object.keys(lines).length === 0) return null
  const { target, saved, source } = run
  const runs = saved === undefined ? { command: sourceText(source) } : { saved: saved.name }
  return `${editPath('alerts', '')}&${new URLSearchParams({ ...lines, target, ...runs })}`
}

type Fields = Readonly<Record<string, string>>

function termFields(term: TextTerm | undefined): Fields {
  if (term === undefined) return {}
  return term.isRegex ? { text: term.text, regex: 'true' } : { text: term.text }
}

/** Of one channel or of levels: an alert can say no more. */
function fieldsOf(filter: Filter): Fields {
  if (filter.kind === 'levels') return { levels: filter.levels.join(', ') }
  const isOne = filter.kind === 'channels' && filter.channels.length === 1
  return isOne ? { channel: filter.channels.join() } : {}
}

function merged(all: Fields, more: Fields): Fields {
  return { ...all, ...more }
}

/** What a new alert begins with, of its address. */
export function draftOfQuery(fields: URLSearchParams): AlertDraft {
  const channel = (['out', 'err', 'note'] as const).find((name) => name === fields.get('channel'))
  return {
    ...emptyAlert,
    text: fields.get('text') ?? '',
    isRegex: fields.get('regex') === 'true',
    channel: channel ?? '',
    levels: fields.get('levels') ?? '',
    target: fields.get('target') ?? '',
    command: fields.get('command') ?? '',
    saved: fields.get('saved') ?? '',
  }
}

/** An alert tells of lines that have a text, not of all others. */
function isFound({ isInverse }: TextTerm): boolean {
  return !isInverse
}
