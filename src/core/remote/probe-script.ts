/** Asks a host what it is, and whether it can hold durable runs; starts nothing there. */
import { cannotReasons, durableProbe } from './durable-probe.ts'
import { spoolPath } from './spool.ts'

/** POSIX sh for the stdin of a constant `sh -s`. Answers on stderr with the marks `about TIME SHELL` and `can` or `cannot REASON`. */
export function probeScript(nonce: string): string {
  return `{ exec 4>&2 2>/dev/null </dev/null
_fg_leave() { printf '\\036${nonce} %s\\n' "$*" >&4; exit 0; }
printf '\\036${nonce} about %s %s\\n' "$(date +%s.%N)" "\${SHELL:-}" >&4
${spoolPath('probe')}
[ -n "$_fg_d" ] || _fg_leave cannot 1
${durableProbe}_fg_leave can
}
`
}

export interface HostAbout {
  /** Milliseconds since 1970; null when its `date` cannot say. */
  readonly time: number | null
  /** Login shell of the user; null when it is not told, or no text that can be shown. */
  readonly shell: string | null
}

/** Null while it is not among what was said. Not every `date` knows parts of a second. */
export function aboutHost(said: string, nonce: string): HostAbout | null {
  const [, date, shell = ''] = new RegExp(`\\u001e${nonce} about (\\S*) (.*)\\n`).exec(said) ?? []
  if (date === undefined) return null
  const [, seconds, parts = '500'] = /^([0-9]{1,12})(?:\.([0-9]{3}))?/.exec(date) ?? []
  return {
    time: seconds === undefined ? null : Number(seconds) * 1_000 + Number(parts),
    shell: /^[\x21-\x7e]{1,200}$/.test(shell) ? shell : null,
  }
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
