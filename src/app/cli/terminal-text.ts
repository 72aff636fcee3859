/** What a terminal may be sent of a line that a host wrote: text and colours, nothing that acts. */
import { displayText, lastState } from '../../shared/display.ts'

// eslint-disable-next-line no-control-regex -- control characters are what this looks for
const plain = /^[\t\x20-\x7e\u00a0-\u00ac\u00ae-\u02ff]*$/
// eslint-disable-next-line no-control-regex -- escape sequences are what this looks for
const colour = /(\x1b\[[0-9;:]{0,64}m)/

/**
 * The line as it is shown: its last state after lone CRs, colours kept and ended with the line, every
 * other escape sequence dropped, hidden and bidirectional controls made visible.
 */
export function terminalText(line: string): string {
  if (plain.test(line)) return line
  const pieces = lastState(line).split(colour)
  const shown = pieces.map((piece, index) => (index % 2 === 1 ? piece : displayKeepingTabs(piece)))
  return pieces.length > 1 ? `${shown.join('')}\x1b[0m` : shown.join('')
}

/** Tabs are harmless and make columns. */
function displayKeepingTabs(text: string): string {
  return text.split('\t').map(displayText).join('\t')
}

/** The end of a text that fits into so many columns; wide characters count two. */
export function endOfText(text: string, columns: number): string {
  const characters = Array.from(text)
  let width = 0
  let from = characters.length
  while (from > 0) {
    const code = characters[from - 1]?.codePointAt(0) ?? 0
    width += code >= 0x1100 ? 2 : 1
    if (width > columns) break
    from -= 1
  }
  return characters.slice(from).join('')
}
