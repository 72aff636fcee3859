/** A message for a webhook of Discord. */
import { type Firing, linePath, pathOf, remarksOf, titleOf } from '../firing.ts'
import type { RenderedMessage } from './template.ts'

/** Discord refuses longer ones. */
const descriptionCharsMax = 4_000
const red = 0xd9_36_3e

export function discordMessage(firing: Firing, base: string): RenderedMessage {
  const { run, lines } = firing
  const description = [
    `${escapeDiscord(run.target)} · ${escapeDiscord(run.source)}`,
    ...run.failures.map(escapeDiscord),
    ...remarksOf(firing),
    ...lines.map(
      ({ pos, host, text }) =>
        `[${escapeDiscord(host)}](${base}${linePath(run.id, pos)}) ${escapeDiscord(text)}`,
    ),
  ].join('\n')
  const embed = {
    title: titleOf(firing),
    url: `${base}${pathOf(firing)}`,
    description: description.slice(0, descriptionCharsMax),
    timestamp: firing.time,
    color: red,
  }
  // Whatever a host writes, nobody is called by it.
  const body = { embeds: [embed], allowed_mentions: { parse: [] } }
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

/** A backslash takes every sign of its markup; a word joiner takes addresses and mentions apart. */
function escapeDiscord(text: string): string {
  return text
    .replaceAll(/[\\`*_~|>#[\]()<-]/g, String.raw`\$&`)
    .replaceAll('@', '@\u2060')
    .replaceAll('://', ':\u2060//')
}
