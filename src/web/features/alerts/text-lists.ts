/** Lists as people type them: joined by commas, or a line for each name and its value. */

export function commaList(typed: string): string[] {
  return typed
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

/** Lines of `name=value`; a line without "=" has an empty value, of which the server says what is wrong. */
export function pairsOf(typed: string): readonly (readonly [name: string, value: string])[] {
  return typed
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const at = line.indexOf('=')
      if (at < 0) return [line.trim(), ''] as const
      return [line.slice(0, at).trim(), line.slice(at + 1)] as const
    })
}

export function pairsText(pairs: Readonly<Record<string, string | number>>): string {
  return Object.entries(pairs)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join('\n')
}
