/** An alert while it is written: plain texts and choices, and what they amount to. */
import type { Alert, WebhookKind } from '../../../shared/protocol/alerts.ts'
import { commaList } from './text-lists.ts'

export interface AlertDraft {
  readonly name: string
  readonly enabled: boolean
  readonly kind: 'lines' | 'end'
  readonly text: string
  readonly isRegex: boolean
  readonly channel: '' | 'out' | 'err' | 'note'
  readonly levels: string
  readonly outcomes: readonly string[]
  readonly exitCodes: string
  readonly target: string
  readonly command: string
  readonly saved: string
  readonly count: string
  readonly within: string
  readonly cooldown: string
  readonly desktop: boolean
  readonly webhooks: readonly WebhookDraft[]
}

export interface WebhookDraft {
  readonly id: string
  readonly kind: WebhookKind
  /** Empty: what is stored stays. */
  readonly url: string
  readonly secret: string
  /** Host of the stored address; empty for a new one. */
  readonly host: string
  readonly hasSecret: boolean
}

export const emptyAlert: AlertDraft = {
  name: '',
  enabled: true,
  kind: 'lines',
  text: '',
  isRegex: false,
  channel: '',
  levels: '',
  outcomes: ['failed', 'lost'],
  exitCodes: '',
  target: '',
  command: '',
  saved: '',
  count: '1',
  within: '60',
  cooldown: '300',
  desktop: false,
  webhooks: [],
}

export function alertDraftOf(alert: Alert): AlertDraft {
  const { when, runs, name, enabled, desktop } = alert
  return {
    ...emptyAlert,
    ...(when.kind === 'lines' ? filterDraft(when.filter) : endDraft(when)),
    ...runs,
    name,
    enabled,
    desktop,
    count: String(alert.count),
    within: String(alert.withinSeconds),
    cooldown: String(alert.cooldownSeconds),
    webhooks: alert.webhooks.map((webhook) => ({ ...webhook, url: '', secret: '' })),
  }
}

type When<Kind> = Extract<Alert['when'], { kind: Kind }>

function filterDraft({ texts = [], channels, levels }: When<'lines'>['filter']) {
  const [first] = texts
  return {
    kind: 'lines',
    text: first?.text ?? '',
    isRegex: first?.regex ?? false,
    channel: channels?.[0] ?? '',
    levels: levels?.join(', ') ?? '',
  } as const
}

function endDraft({ outcomes, exitCodes }: When<'end'>) {
  return { kind: 'end', outcomes, exitCodes: exitCodes?.join(', ') ?? '' } as const
}

/** The body of its request; what the form does not show of the alert before stays as it was. */
export function alertBody(draft: AlertDraft, before: Alert | null): object {
  return {
    enabled: draft.enabled,
    when: draft.kind === 'lines' ? linesOf(draft, before) : endOf(draft),
    runs: given({ target: draft.target, command: draft.command, saved: draft.saved }),
    count: numberOf(draft.count),
    withinSeconds: numberOf(draft.within),
    cooldownSeconds: numberOf(draft.cooldown),
    desktop: draft.desktop,
    webhooks: draft.webhooks.map(({ id, kind, url, secret }) => ({
      kind,
      ...given({ id, url: url.trim(), secret }),
    })),
  }
}

function linesOf({ text, isRegex, channel, levels }: AlertDraft, before: Alert | null): object {
  const old = before?.when.kind === 'lines' ? before.when.filter : {}
  const [first, ...others] = old.texts ?? []
  const written = text === '' ? [] : [{ ...first, text, regex: isRegex }]
  const texts = [...written, ...others]
  const wantedLevels = commaList(levels)
  const channels = channel === '' ? [] : [channel, ...(old.channels ?? []).slice(1)]
  return {
    kind: 'lines',
    filter: {
      ...(texts.length > 0 && { texts }),
      ...(channels.length > 0 && { channels: [...new Set(channels)] }),
      ...(wantedLevels.length > 0 && { levels: wantedLevels }),
      ...(old.hosts !== undefined && { hosts: old.hosts }),
    },
  }
}

function endOf({ outcomes, exitCodes }: AlertDraft): object {
  const codes = commaList(exitCodes).map(numberOf)
  return { kind: 'end', outcomes, ...(codes.length > 0 && { exitCodes: codes }) }
}

/** The server says what is wrong with what is no number. */
function numberOf(text: string): number | string {
  const number = Number(text)
  return text.trim() === '' || Number.isNaN(number) ? text : number
}

function given(fields: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''))
}
