/** How a firing is told in the words of each kind of webhook. Pure; texts of hosts are made harmless here. */
import type { WebhookKind } from '../../../shared/protocol/alerts.ts'
import type { Firing } from '../firing.ts'
import { discordMessage } from './discord.ts'
import { jsonMessage } from './json.ts'
import { ntfyMessage } from './ntfy.ts'
import { slackMessage } from './slack.ts'

export interface RenderedMessage {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Links lead to `base`, the address under which people open the page. */
export function renderMessage(kind: WebhookKind, firing: Firing, base: string): RenderedMessage {
  switch (kind) {
    case 'slack':
      return slackMessage(firing, base)
    case 'discord':
      return discordMessage(firing, base)
    case 'ntfy':
      return ntfyMessage(firing, base)
    case 'json':
      return jsonMessage(firing, base)
  }
}
