/** One trigger in the list. */
import type { VNode } from 'preact'
import { displayText } from '../../../shared/display.ts'
import type { Trigger } from '../../../shared/protocol/triggers.ts'
import { alertsText } from '../../i18n/alerts-text.ts'
import { Card } from './card.tsx'
import { RunsOf } from './runs-of.tsx'

export function TriggerCard({ trigger }: { readonly trigger: Trigger }): VNode {
  const s = alertsText.value
  const { name, enabled, saved, target, path, signature } = trigger
  const facts = [
    displayText(target === undefined ? saved : `${target} · ${saved}`),
    s.signatureNames[signature],
  ]
  return (
    <Card
      tab="triggers"
      name={name}
      enabled={enabled}
      about={`POST ${path}`}
      facts={facts}
      ways={<RunsOf by={`trigger:${name}`} name={name} />}
    />
  )
}
