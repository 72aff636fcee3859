/** Text that a host controls, made safe for a sentence: short, one line, nothing invisible. */
import { limits } from '../../shared/limits.ts'

/** Caps `text` and makes control, format and separator characters visible as `\u{…}`. */
export function hostText(text: string): string {
  const oneLine = text.replace(/[\r\n\t ]+/g, ' ').trim()
  const short =
    oneLine.length <= limits.hostTextCharsMax
      ? oneLine
      : `${oneLine.slice(0, limits.hostTextCharsMax - 1)}…`
  return short.replace(invisible, (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`)
}

/** Controls, bidi and zero-width format characters, lone surrogates, line separators. */
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu
