/** A saved command as it stands in the fields of its editor, and back. */
import { AppError } from '../../../shared/errors.ts'
import type { Mode } from '../../../shared/run.ts'
import type { SavedCommand } from '../../../shared/saved-command.ts'
import { savedText } from '../../i18n/saved-text.ts'
import { planRequest, type RunOptions } from '../options/run-options.ts'
import { type SourceKind, sourceOf, typedOf } from '../runs/draft-source.ts'
import { type ParameterDraft, parameterDraft, parameterOf } from './parameter-draft.ts'
import { planOptions } from './plan-options.ts'

/** Texts as they are typed; an empty one is not there. */
export interface SavedDraft {
  readonly name: string
  readonly description: string
  readonly tags: string
  readonly target: string
  readonly kind: SourceKind
  readonly source: string
  readonly parameters: readonly ParameterDraft[]
  readonly asks: boolean
  readonly question: string
  readonly mode: Mode | 'merged' | ''
  readonly sudo: boolean
  readonly options: RunOptions
  readonly keepDays: string
}

export const emptyDraft: SavedDraft = {
  name: '',
  description: '',
  tags: '',
  target: '',
  kind: 'command',
  source: '',
  parameters: [],
  asks: false,
  question: '',
  mode: '',
  sudo: false,
  options: {},
  keepDays: '',
}

export function draftOf(command: SavedCommand): SavedDraft {
  const { name, description = '', tags = [], target = '', source, parameters = [] } = command
  const { confirm = false, mode, merged, sudo = false, plan = {}, keepDays } = command
  return {
    name,
    description,
    tags: tags.join(', '),
    target,
    kind: source.kind,
    source: typedOf(source),
    parameters: parameters.map(parameterDraft),
    asks: confirm !== false,
    question: typeof confirm === 'string' ? confirm : '',
    mode: merged === true ? 'merged' : (mode ?? ''),
    sudo,
    options: planOptions(plan),
    keepDays: keepDays === undefined ? '' : String(keepDays),
  }
}

/** Throws what is wrong in the first field that cannot be read; the rest the server says. */
export function commandOf(draft: SavedDraft, before: SavedCommand | null): SavedCommand {
  const { description, target, parameters, asks, question } = draft
  const tags = draft.tags.split(',').flatMap((tag) => (tag.trim() === '' ? [] : [tag.trim()]))
  const plan = planRequest(draft.options)
  return {
    name: draft.name.trim(),
    ...(description.trim() !== '' && { description: description.trim() }),
    ...(tags.length > 0 && { tags }),
    ...(target.trim() !== '' && { target: target.trim() }),
    source: { ...sourceOf(draft.kind, draft.source), ...linesOf(draft, before) },
    ...(parameters.length > 0 && { parameters: parameters.map(parameterOf) }),
    ...(asks && { confirm: question.trim() === '' ? true : question.trim() }),
    ...(draft.kind === 'command' && heldOf(draft)),
    ...(Object.keys(plan).length > 0 && { plan }),
    ...(draft.keepDays.trim() !== '' && { keepDays: wholeNumber(draft.keepDays) }),
  }
}

/** How many lines come first has no field here, and must not be lost. */
function linesOf({ kind }: SavedDraft, before: SavedCommand | null): { readonly lines?: number } {
  if (before === null || before.source.kind !== kind || before.source.kind === 'command') return {}
  const { lines } = before.source
  return lines === undefined ? {} : { lines }
}

function heldOf({ mode, sudo }: SavedDraft): Pick<SavedCommand, 'mode' | 'merged' | 'sudo'> {
  return {
    ...(mode === 'merged' ? { merged: true } : mode !== '' && { mode }),
    ...(sudo && { sudo }),
  }
}

function wholeNumber(typed: string): number {
  if (/^[0-9]{1,6}$/.test(typed.trim())) return Number(typed)
  const s = savedText.value
  throw new AppError('bad-request', s.badNumber(s.keepDays))
}
