/** The webhooks of an alert: addresses and keys are written, and never shown. */
import type { Signal } from '@preact/signals'
import type { VNode } from 'preact'
import { alertsText } from '../../i18n/alerts-text.ts'
import { Field, SelectField } from '../../ui/field.tsx'
import { Icon } from '../../ui/icon.tsx'
import type { AlertDraft, WebhookDraft } from './alert-draft.ts'

export function WebhookFields({ draft }: { readonly draft: Signal<AlertDraft> }): VNode {
  const s = alertsText.value
  const { webhooks } = draft.value
  const setAll = (changed: readonly WebhookDraft[]): void => {
    draft.value = { ...draft.value, webhooks: changed }
  }
  return (
    <>
      {webhooks.map((webhook, at) => (
        <Webhook
          // Their order is all that tells new ones apart.
          key={String(at)}
          webhook={webhook}
          onChange={(change) =>
            setAll(webhooks.map((each, index) => (index === at ? { ...each, ...change } : each)))
          }
          onRemove={() => setAll(webhooks.filter((_, index) => index !== at))}
        />
      ))}
      <button
        type="button"
        class="button editor-add"
        onClick={() => setAll([...webhooks, newWebhook])}
      >
        <Icon name="plus" />
        {s.addWebhook}
      </button>
    </>
  )
}

const newWebhook: WebhookDraft = {
  id: '',
  kind: 'slack',
  url: '',
  secret: '',
  host: '',
  hasSecret: false,
}

const kinds = ['slack', 'discord', 'ntfy', 'json'] as const

interface WebhookProps {
  readonly webhook: WebhookDraft
  readonly onChange: (change: Partial<WebhookDraft>) => void
  readonly onRemove: () => void
}

function Webhook({ webhook, onChange, onRemove }: WebhookProps): VNode {
  const s = alertsText.value
  const { id, kind, url, secret, host, hasSecret } = webhook
  const hasKey = kind === 'json' || kind === 'ntfy'
  return (
    <div class="editor-parameter">
      <div class="alerts-webhook">
        <SelectField
          label={s.kind}
          options={kinds.map((each) => [each, s.kindNames[each]] as const)}
          chosen={kind}
          onChoose={(chosen) => onChange({ kind: chosen })}
        />
        <Field
          label={s.url}
          help={s.urlHelp}
          example={host === '' ? 'https://' : s.urlKept(host)}
          value={url}
          isCode
          onType={(typed) => onChange({ url: typed })}
        />
        <button
          type="button"
          class="icon-button"
          aria-label={s.removeWebhook(id === '' ? s.kindNames[kind] : id)}
          onClick={onRemove}
        >
          <Icon name="remove" />
        </button>
      </div>
      {hasKey && (
        <Field
          label={s.key}
          help={s.keyHelp}
          example={hasSecret ? s.keyKept : ''}
          value={secret}
          isCode
          onType={(typed) => onChange({ secret: typed })}
        />
      )}
    </div>
  )
}
