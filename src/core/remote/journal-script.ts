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
 * between was removed. A unit of the user's own systemd is meant by the same name. Where it
 * begins is fixed before `ready`, by the cursor of the first of the last lines, or by the time where
 * there are none yet: followed with `--lines`, systemd (252 at least) gives of the very first entries
 * of a unit only the last of those that come together.
 */
export function journalScript({ nonce, unit, from }: JournalScript): string {
  return `{ exec 3<&0 </dev/null
if ! command -v journalctl >/dev/null 2>&1; then
${printMark(nonce, 'missing 0')}
exit
fi
_fg_t=$(date +%s.%N)
case $_fg_t in ''|*[!0-9.]*) _fg_t=$(date +%s) ;; esac
( exec >/dev/null 2>&1
while read -r _fg_x; do :; done <&3
kill -KILL 0 ) &
exec 3<&-
_fg_read() { LC_ALL=C journalctl --no-pager --unit='${unit}' --user-unit='${unit}' "$@"; }
${startArgs(from)}
${printMark(nonce, 'ready %s')} "\${_fg_t%%.*}"
_fg_read --follow --all --output=json "$@"
${printMark(nonce, 'exit %s')} "$?"
kill -KILL 0
}
`
}

function startArgs(from: JournalStart): string {
  switch (from.kind) {
    case 'lines':
      // With JSON it does not say that its user may read only a part.
      return `_fg_read --lines=0 >/dev/null
_fg_c=$(_fg_read --quiet --lines=${from.lines} --output=export 2>/dev/null | sed -n '/^__CURSOR=/{s///p;q;}')
if [ -n "$_fg_c" ]; then set -- --no-tail --cursor="$_fg_c"; else set -- --no-tail --since="@$_fg_t"; fi`
    case 'cursor':
      return `set -- --no-tail --cursor='${from.cursor}'`
    case 'since':
      return `set -- --no-tail --since=@${from.seconds}`
  }
}
