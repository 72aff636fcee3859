/** What a schedule or a trigger starts, and where, as it is typed. */
import type { VNode } from 'preact'
import { alertsText } from '../../i18n/alerts-text.ts'
import { Field } from '../../ui/field.tsx'

export function SavedField({
  saved,
  set,
}: {
  readonly saved: string
  readonly set: (change: { readonly saved: string }) => void
}): VNode {
  const label = alertsText.value.savedName
  return <Field label={label} value={saved} isCode onType={(typed) => set({ saved: typed })} />
}

export function TargetField({
  target,
  set,
}: {
  readonly target: string
  readonly set: (change: { readonly target: string }) => void
}): VNode {
  const label = alertsText.value.target
  return <Field label={label} value={target} onType={(typed) => set({ target: typed })} />
}
