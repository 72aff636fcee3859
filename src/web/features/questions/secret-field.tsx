/** A field whose text can be shown while it is typed. Its value is nowhere but in the element. */
import { useSignal } from '@preact/signals'
import type { RefObject, VNode } from 'preact'
import { useEffect } from 'preact/hooks'
import { pageTexts } from '../../i18n/page-texts.ts'

export interface SecretFieldProps {
  readonly field: RefObject<HTMLInputElement | null>
  readonly label: string
  readonly isShownAtFirst: boolean
}

export function SecretField({ field, label, isShownAtFirst }: SecretFieldProps): VNode {
  const isShown = useSignal(isShownAtFirst)
  useEffect(() => {
    if (field.current !== null) field.current.type = isShown.value ? 'text' : 'password'
  }, [field, isShown.value])
  return (
    <div class="field">
      <label for="secret">{label}</label>
      <span class="question-secret">
        <input
          ref={field}
          id="secret"
          class="input"
          type="password"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          maxLength={1_024}
          data-1p-ignore
          data-first-focus
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
    </div>
  )
}
