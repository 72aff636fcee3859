/** A row of the list: name, what it is about, what became of it, and its ways on. */
import type { ComponentChildren, VNode } from 'preact'
import { alertsText } from '../../i18n/alerts-text.ts'
import type { Tab } from '../../i18n/en-alerts.ts'
import { editPath } from './automation-lists.ts'

export interface CardProps {
  readonly tab: Tab
  readonly name: string
  readonly enabled: boolean
  /** What it watches or starts, in one line. */
  readonly about: string
  readonly facts: readonly string[]
  /** Further buttons. */
  readonly ways?: ComponentChildren
  readonly children?: ComponentChildren
}

export function Card({ tab, name, enabled, about, facts, ways, children }: CardProps): VNode {
  const s = alertsText.value
  const shown = enabled ? facts : [s.off, ...facts]
  return (
    <li class="saved-card alerts-card" data-off={!enabled}>
      <div class="saved-card-words">
        <h2>
          <a href={editPath(tab, name)}>{name}</a>
        </h2>
        <code class="saved-source">{about}</code>
        {shown.length > 0 && <p class="saved-facts">{shown.join(' · ')}</p>}
      </div>
      <div class="saved-card-ways">
        {ways}
        <a class="button quiet" href={editPath(tab, name)} aria-label={s.editOf(name)}>
          {s.edit}
        </a>
      </div>
      {children}
    </li>
  )
}
