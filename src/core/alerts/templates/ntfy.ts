/** A message for a topic of ntfy: text in the body, the rest in headers. */
import { type Firing, linePath, pathOf, remarksOf, titleOf } from '../firing.ts'
import type { RenderedMessage } from './template.ts'

/** Longer messages become attachments there. */
const bodyBytesMax = 3_900

export function ntfyMessage(firing: Firing, base: string): RenderedMessage {
  const { run, lines } = firing
  const text = [
    `${run.target} · ${run.source}`,
    ...run.failures,
    ...remarksOf(firing),
    ...lines.map(
      ({ pos, host, text: line }) => `${host}: ${line} (${base}${linePath(run.id, pos)})`,
    ),
  ].join('\n')
  return {
    // Headers hold nothing that a host wrote: the title is the name of the alert and a number.
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      title: headerText(titleOf(firing)),
      click: headerText(`${base}${pathOf(firing)}`),
      tags: firing.kind === 'test' ? 'white_check_mark' : 'warning',
      priority: firing.kind === 'test' ? 'default' : 'high',
      // Otherwise an address in the text would be fetched as an icon or a picture.
      markdown: 'no',
    },
    body: firstBytes(text, bodyBytesMax),
  }
}

/** Visible ASCII in one line, whatever it was. */
function headerText(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 500)
}

function firstBytes(text: string, max: number): string {
  const bytes = new TextEncoder().encode(text)
  if (bytes.length <= max) return text
  // A character that is cut at the end is left out.
  return `${new TextDecoder().decode(bytes.subarray(0, max)).replace(/\uFFFD+$/, '')}…`
}
