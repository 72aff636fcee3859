/** The name of a new alert, schedule or trigger; one that is stored keeps its own. */
import type { VNode } from 'preact'
import { alertsText } from '../../i18n/alerts-text.ts'
import { Field } from '../../ui/field.tsx'

export interface NameFieldProps {
  /** As it is typed. */
  readonly name: string
  readonly isNew: boolean
  readonly set: (change: { readonly name: string }) => void
}

export function NameField({ name, isNew, set }: NameFieldProps): VNode | null {
  const s = alertsText.value
  if (!isNew) return null
  return (
    <Field
      label={s.name}
      help={s.nameHelp}
      value={name}
      isCode
      onType={(typed) => set({ name: typed })}
    />
  )
}
