/** Asks a host whether it can hold durable runs, and starts nothing there. */
import { cannotReasons, durableDirectory, durableProbe } from './durable-script.ts'

/** POSIX sh for the stdin of a constant `sh -s`. Answers on stderr with the mark `can` or `cannot REASON`. */
export function probeScript(nonce: string): string {
  return `{ exec 4>&2 2>/dev/null </dev/null
_fg_leave() { printf '\\036${nonce} %s\\n' "$*" >&4; exit 0; }
${durableDirectory('probe')}
[ -n "$_fg_d" ] || _fg_leave cannot 1
${durableProbe}
_fg_leave can
}
`
}

/** Null while no answer is among what was said. */
export function probeAnswer(
  said: string,
  nonce: string,
): { readonly reason: string | null } | null {
  const [, word, number] = new RegExp(`\\u001e${nonce} (can|cannot) ?(\\d*)\\n`).exec(said) ?? []
  if (word === undefined) return null
  if (word === 'can') return { reason: null }
  return { reason: cannotReasons[Number(number)] ?? 'its reason is not known to this version' }
}
