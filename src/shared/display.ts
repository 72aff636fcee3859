/** How a stored line is shown: its last state after a lone CR, colours, and hidden characters made visible. */
import { type AnsiSpan, parseAnsi, stripAnsi } from './ansi.ts'

/** `control` is a token that stands for one character which would be invisible or deceptive. */
export interface DisplaySpan extends AnsiSpan {
  readonly kind: 'text' | 'control'
}

/** The spans that are drawn for a line. Linear time, never throws, holds no control character. */
export function displayLine(line: string): DisplaySpan[] {
  const spans: DisplaySpan[] = []
  for (const span of parseAnsi(lastState(line))) splitControls(spans, span)
  return spans
}

/** What is searched in a line: what a terminal would show of it, without colours. */
export function visibleText(line: string): string {
  return stripAnsi(lastState(line))
}

/** Text that a host wrote (names, prompts, banners) as one plain line with visible controls. */
export function displayText(text: string): string {
  return stripAnsi(text).replace(hidden, tokenOf)
}

/**
 * What a terminal would show of a line that was redrawn with lone CRs, as progress bars do: the last
 * state that shows anything. Colours that were set before it stay in force.
 */
export function lastState(line: string): string {
  if (!line.includes('\r')) return line
  let end = line.length
  while (end > 0) {
    const start = line.lastIndexOf('\r', end - 1) + 1
    const state = line.slice(start, end)
    if (state !== '' && stripAnsi(state) !== '') return colorsOf(line.slice(0, start)) + state
    end = start - 1
  }
  return ''
}

function colorsOf(text: string): string {
  // eslint-disable-next-line no-control-regex -- escape sequences are what this looks for
  return text.match(/\x1b\[[0-9;:]{0,64}m/g)?.join('') ?? ''
}

// C0 without tab, DEL, C1; soft hyphen; Arabic letter mark; zero-width and direction marks; line and
// paragraph separators; bidi embeddings, overrides and isolates; invisible operators; BOM; tag
// characters; halves of a surrogate pair that stand alone.
const hiddenClass =
  '[\\u0000-\\u0008\\u000a-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\ud800-\\udfff\\u{e0000}-\\u{e007f}]'
const hidden = new RegExp(hiddenClass, 'gu')

function splitControls(spans: DisplaySpan[], { text, ...look }: AnsiSpan): void {
  let from = 0
  for (const match of text.matchAll(hidden)) {
    if (match.index > from)
      spans.push({ kind: 'text', text: text.slice(from, match.index), ...look })
    spans.push({ kind: 'control', text: tokenOf(match[0]), ...look })
    from = match.index + match[0].length
  }
  if (from < text.length) spans.push({ kind: 'text', text: text.slice(from), ...look })
}

/** C0 and DEL have pictures of their own in Unicode; the others show their number. */
function tokenOf(character: string): string {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x20) return String.fromCharCode(0x2400 + code)
  if (code === 0x7f) return '\u2421'
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
}
