/** What the webhooks of an alert would be sent, as the server makes it. */
import { type Signal, useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import type { Alert, WebhookPreview } from '../../../shared/protocol/alerts.ts'
import { useApp } from '../../app/app-context.ts'
import { alertsText } from '../../i18n/alerts-text.ts'
import { Problem, useProblem } from '../../ui/problem.tsx'
import { type AlertDraft, alertBody } from './alert-draft.ts'
import { automationApi } from './automation-lists.ts'

export interface AlertPreviewProps {
  readonly draft: Signal<AlertDraft>
  readonly alert: Alert | null
}

export function AlertPreview({ draft, alert }: AlertPreviewProps): VNode | null {
  const app = useApp()
  const s = alertsText.value
  const problem = useProblem()
  const previews = useSignal<readonly WebhookPreview[]>([])
  if (draft.value.webhooks.length === 0) return null
  const show = (): Promise<boolean> =>
    problem.watch(async () => {
      const name = draft.value.name === '' ? 'alert' : draft.value.name
      previews.value = await automationApi(app).alerts.preview(name, alertBody(draft.value, alert))
    })
  return (
    <>
      <button type="button" class="button editor-add" onClick={() => void show()}>
        {s.preview}
      </button>
      <Problem of={problem} />
      {previews.value.map(({ webhook, headers, body }, at) => (
        <figure key={String(at)} class="saved-what alerts-preview">
          <figcaption>{s.previewOf(webhook)}</figcaption>
          <pre>{`${headersText(headers)}\n\n${indented(body)}`}</pre>
        </figure>
      ))}
    </>
  )
}

function headersText(headers: WebhookPreview['headers']): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')
}

function indented(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}
