/** The script that follows the journal of a unit, from an entry on. */
import { printMark } from './shell-parts.ts'

export interface JournalScript {
  readonly nonce: string
  /** As systemd names it; holds nothing that a shell would take for more. */
  readonly unit: string
  readonly from: JournalStart
}

export type JournalStart =
  | { readonly kind: 'lines'; readonly lines: number }
  /** Of the last entry that was read: it comes once more. */
  | { readonly kind: 'cursor'; readonly cursor: string }
  /** Seconds by the host's clock: when nothing was read since then. */
  | { readonly kind: 'since'; readonly seconds: number }

/**
 * POSIX sh for the stdin of a constant `sh -s`. Marks on stdout: `ready SECONDS`, or `missing`, and
 * `exit CODE` when journalctl ends. When stdin ends, so does the process group. `--no-tail`: otherwise
 * only the last 10 entries after the cursor come. `--cursor` and not `--after-cursor`, which skips an
 * entry together with `-u` before systemd 255; and the entry that comes again proves that nothing
 * between was removed.
 */
export function journalScript({ nonce, unit, from }: JournalScript): string {
  return `{ exec 3<&0 </dev/null
if ! command -v journalctl >/dev/null 2>&1; then
${printMark(nonce, 'missing 0')}
exit
fi
${printMark(nonce, 'ready %s')} "$(date +%s)"
( exec >/dev/null 2>&1
while read -r _fg_x; do :; done <&3
kill -KILL 0 ) &
exec 3<&-
LC_ALL=C journalctl --follow --all --output=json --no-pager --unit='${unit}' ${startArgs(from)}
${printMark(nonce, 'exit %s')} "$?"
kill -KILL 0
}
`
}

function startArgs(from: JournalStart): string {
  switch (from.kind) {
    case 'lines':
      return `--lines=${from.lines}`
    case 'cursor':
      return `--no-tail --cursor='${from.cursor}'`
    case 'since':
      return `--no-tail --since=@${from.seconds}`
  }
}
