/** A message for an incoming webhook of Slack. */
import { type Firing, linePath, pathOf, remarksOf, titleOf } from '../firing.ts'
import type { RenderedMessage } from './template.ts'

/** A text of a section is refused from 3,001 characters on. */
const sectionCharsMax = 2_900

export function slackMessage(firing: Firing, base: string): RenderedMessage {
  const { run, lines } = firing
  const about = [
    `*<${base}${pathOf(firing)}|${escapeSlack(titleOf(firing))}>*`,
    `${escapeSlack(run.target)} · ${escapeSlack(run.source)}`,
    ...run.failures.map(escapeSlack),
    ...remarksOf(firing).map(escapeSlack),
  ]
  const rows = lines.map(
    ({ pos, host, text }) =>
      `<${base}${linePath(run.id, pos)}|${escapeSlack(host)}> \`${escapeSlack(text) || ' '}\``,
  )
  const blocks = [about.join('\n'), ...rows].map(section)
  const body = {
    text: escapeSlack(titleOf(firing)),
    unfurl_links: false,
    unfurl_media: false,
    blocks,
  }
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

/** Verbatim: names of channels and people in it call nobody. */
function section(text: string) {
  const shown = text.length > sectionCharsMax ? `${text.slice(0, sectionCharsMax)}…` : text
  return { type: 'section', text: { type: 'mrkdwn', text: shown, verbatim: true } }
}

/** `&`, `<` and `>` are all that Slack reads as control; a backtick would end the code that it stands in. */
function escapeSlack(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('`', 'ˋ')
}
