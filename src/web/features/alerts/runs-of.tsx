/** Leads to the runs that a schedule or trigger has started. */
import type { VNode } from 'preact'
import { alertsText } from '../../i18n/alerts-text.ts'

export interface RunsOfProps {
  /** As the filter of the run list has it. */
  readonly by: string
  readonly name: string
}

export function RunsOf({ by, name }: RunsOfProps): VNode {
  const s = alertsText.value
  const address = `/runs?${new URLSearchParams({ by }).toString()}`
  return (
    <a class="button quiet" href={address} aria-label={s.runsOf(name)}>
      {s.itsRuns}
    </a>
  )
}
