/** A parameter as it stands in the fields of the editor, and back. */
import { AppError } from '../../../shared/errors.ts'
import type { NumberParameter, Parameter, TextParameter } from '../../../shared/saved-command.ts'
import { savedText } from '../../i18n/saved-text.ts'

export const parameterKinds = ['text', 'choice', 'number', 'secret', 'per-host'] as const
export type ParameterKind = (typeof parameterKinds)[number]

/** All that any kind has: who changes the kind loses nothing that was typed. */
export interface ParameterDraft {
  /** Of this draft alone: rows keep their fields when others are removed. */
  readonly key: number
  readonly name: string
  readonly kind: ParameterKind
  readonly label: string
  readonly usual: string
  readonly required: boolean
  readonly pattern: string
  /** Bounds of a number, or of the length of a text. */
  readonly least: string
  readonly most: string
  readonly whole: boolean
  /** One on each line. */
  readonly choices: string
  readonly values: string
}

let drafts = 0

export function emptyParameter(): ParameterDraft {
  drafts += 1
  return {
    key: drafts,
    name: '',
    kind: 'text',
    label: '',
    usual: '',
    required: true,
    pattern: '',
    least: '',
    most: '',
    whole: false,
    choices: '',
    values: '',
  }
}

export function parameterDraft(parameter: Parameter): ParameterDraft {
  const { name, kind, label = '', required = true } = parameter
  const usual = parameter.kind === 'secret' ? '' : String(parameter.default ?? '')
  return { ...emptyParameter(), name, kind, label, required, usual, ...ownFields(parameter) }
}

function ownFields(parameter: Parameter): Partial<ParameterDraft> {
  switch (parameter.kind) {
    case 'text': {
      const { pattern = '', minLength, maxLength } = parameter
      return { pattern, least: String(minLength ?? ''), most: String(maxLength ?? '') }
    }
    case 'choice':
      return { choices: parameter.choices.join('\n') }
    case 'number': {
      const { min, max, integer = false } = parameter
      return { least: String(min ?? ''), most: String(max ?? ''), whole: integer }
    }
    case 'per-host': {
      const lines = Object.entries(parameter.values).map(
        ([target, value]) => `${target} = ${value}`,
      )
      return { values: lines.join('\n') }
    }
    case 'secret':
      return {}
  }
}

/** Throws what is wrong in the first field that cannot be read; the rest the server says. */
export function parameterOf(draft: ParameterDraft): Parameter {
  const { kind, usual } = draft
  const common = {
    name: draft.name.trim(),
    ...(draft.label.trim() !== '' && { label: draft.label.trim() }),
    ...(!draft.required && { required: false }),
  }
  const text = usual === '' ? {} : { default: usual }
  switch (kind) {
    case 'text':
      return { ...common, kind, ...text, ...textBounds(draft) }
    case 'choice':
      return { ...common, kind, choices: linesIn(draft.choices), ...text }
    case 'number':
      return { ...common, kind, ...numberBounds(draft) }
    case 'secret':
      return { ...common, kind }
    case 'per-host':
      return { ...common, kind, values: valuesIn(draft.values), ...text }
  }
}

function textBounds({
  pattern,
  least,
  most,
}: ParameterDraft): Pick<TextParameter, 'pattern' | 'minLength' | 'maxLength'> {
  const s = savedText.value
  const minLength = numberIn(least, s.least)
  const maxLength = numberIn(most, s.most)
  return {
    ...(pattern !== '' && { pattern }),
    ...(minLength !== undefined && { minLength }),
    ...(maxLength !== undefined && { maxLength }),
  }
}

function numberBounds({
  usual,
  least,
  most,
  whole,
}: ParameterDraft): Pick<NumberParameter, 'default' | 'min' | 'max' | 'integer'> {
  const s = savedText.value
  const number = numberIn(usual, s.parameterDefault)
  const min = numberIn(least, s.least)
  const max = numberIn(most, s.most)
  return {
    ...(number !== undefined && { default: number }),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(whole && { integer: true }),
  }
}

function numberIn(typed: string, field: string): number | undefined {
  const text = typed.trim()
  if (text === '') return undefined
  if (/^-?[0-9]{1,15}(?:\.[0-9]{1,15})?$/.test(text)) return Number(text)
  throw new AppError('bad-request', savedText.value.badNumber(field))
}

function linesIn(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '')
}

/** `@web = nginx`, one on each line. A value may hold "=", a target does not. */
function valuesIn(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    linesIn(text).map((line) => {
      const at = line.indexOf('=')
      const target = line.slice(0, Math.max(at, 0)).trim()
      if (target === '') throw new AppError('bad-request', savedText.value.badValues(line))
      return [target, line.slice(at + 1).trim()]
    }),
  )
}
