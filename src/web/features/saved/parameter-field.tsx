/** One parameter in the form that starts a saved command. The value stands in the element alone. */
import { useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { limits } from '../../../shared/limits.ts'
import { labelOf, type Parameter } from '../../../shared/saved-command.ts'
import { pageTexts } from '../../i18n/page-texts.ts'
import { savedText } from '../../i18n/saved-text.ts'
import { helpOf } from './given-value.ts'

export interface ParameterFieldProps {
  readonly parameter: Parameter
  /** What it was the last time. */
  readonly before: string | undefined
  readonly fault: string | null
  readonly isFirst: boolean
}

export function ParameterField({ parameter, before, fault, isFirst }: ParameterFieldProps): VNode {
  const id = useId()
  const help = helpOf(parameter)
  const about = fault !== null ? `${id}-fault` : help !== '' ? `${id}-help` : undefined
  const common = {
    id,
    name: parameter.name,
    'aria-describedby': about,
    'aria-invalid': fault !== null,
    ...(isFirst && { 'data-first-focus': true }),
  }
  return (
    <div class="field saved-field">
      <label for={id}>{labelOf(parameter)}</label>
      <Control parameter={parameter} before={before} common={common} />
      {fault !== null && (
        <p id={`${id}-fault`} class="saved-fault">
          {fault}
        </p>
      )}
      {fault === null && help !== '' && (
        <p id={`${id}-help`} class="saved-help">
          {help}
        </p>
      )}
    </div>
  )
}

interface ControlProps {
  readonly parameter: Parameter
  readonly before: string | undefined
  readonly common: { readonly id: string; readonly name: string }
}

function Control({ parameter, before, common }: ControlProps): VNode {
  const s = savedText.value
  const plain = {
    class: 'input',
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: false,
    ...common,
  } as const
  switch (parameter.kind) {
    case 'choice':
      return (
        <ChoiceControl
          choices={parameter.choices}
          usual={before ?? parameter.default}
          common={common}
        />
      )
    case 'number':
      return (
        <input
          {...plain}
          inputMode="decimal"
          defaultValue={before ?? String(parameter.default ?? '')}
        />
      )
    case 'secret':
      return <SecretControl plain={plain} />
    case 'text':
      return <input {...plain} defaultValue={before ?? parameter.default ?? ''} />
    case 'per-host':
      return <input {...plain} placeholder={s.perHostUsual} defaultValue={before ?? ''} />
  }
}

interface ChoiceControlProps {
  readonly choices: readonly string[]
  readonly usual: string | undefined
  readonly common: ControlProps['common']
}

function ChoiceControl({ choices, usual, common }: ChoiceControlProps): VNode {
  return (
    <select class="input" {...common} defaultValue={usual ?? ''}>
      {usual === undefined && <option value="">{savedText.value.choose}</option>}
      {choices.map((choice) => (
        <option key={choice} value={choice}>
          {choice}
        </option>
      ))}
    </select>
  )
}

function SecretControl({ plain }: { readonly plain: object }): VNode {
  const field = useRef<HTMLInputElement>(null)
  const isShown = useSignal(false)
  useEffect(() => {
    if (field.current !== null) field.current.type = isShown.value ? 'text' : 'password'
  }, [isShown.value])
  return (
    <span class="saved-secret">
      <input
        {...plain}
        ref={field}
        type="password"
        maxLength={limits.parameterCharsMax}
        data-1p-ignore
        data-secret
      />
      <button
        type="button"
        class="button quiet small"
        aria-pressed={isShown.value}
        onClick={() => {
          isShown.value = !isShown.value
        }}
      >
        {pageTexts.value.show}
      </button>
    </span>
  )
}
