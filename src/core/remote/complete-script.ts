/** Asks a host which paths, units or containers begin with a text, and starts nothing there. */

import { limits } from '../../shared/limits.ts'
import type { CompletedKind } from '../../shared/protocol/completion.ts'
import { printMark, takeCommand } from './shell-parts.ts'

export interface CompleteScript {
  readonly nonce: string
  readonly kind: CompletedKind
  /** Typed by a person. It is data of the script: in no argv, and parsed by no shell. */
  readonly prefix: string
}

/**
 * POSIX sh for the stdin of a constant `sh -s`. On stdout: the mark `begin 0`, each candidate with a
 * zero byte behind it, the mark `end 0`. When stdin ends, so does the process group: a directory of
 * a file server that does not answer holds nothing there.
 */
export function completeScript({ nonce, kind, prefix }: CompleteScript): string {
  return `{ exec 3<&0 2>/dev/null </dev/null
( exec >/dev/null 2>&1
while read -r _fg_x; do :; done <&3
kill -KILL 0 ) &
exec 3<&-
${takeCommand(prefix)}_fg_n=0
_fg_say() {
case $1 in "$_fg_c"*) printf '%s\\000' "$1" ;; *) return 0 ;; esac
_fg_n=$((_fg_n+1))
[ "$_fg_n" -le ${limits.completionsMax} ]
}
${printMark(nonce, 'begin 0')}
${scripts[kind]}
${printMark(nonce, 'end 0')}
kill -KILL 0
}
`
}

const scripts: Readonly<Record<CompletedKind, string>> = {
  path: `for _fg_f in "$_fg_c"*; do
if [ -d "$_fg_f" ]; then _fg_f=$_fg_f/; else [ -e "$_fg_f" ] || continue; fi
_fg_say "$_fg_f" || break
done`,
  // Units that are at rest are in no list of loaded ones, but their journals can be read. Where systemd
  // does not run as the first process, the journal still knows whose entries it has.
  unit: `_fg_units() {
systemctl "$1" list-units --all --plain --no-legend --no-pager --full &&
systemctl "$1" list-unit-files --no-legend --no-pager --full
}
{ _fg_units --system || journalctl --no-pager --field=_SYSTEMD_UNIT
_fg_units --user; } | sort -u | { _fg_l=
while read -r _fg_u _fg_x _fg_y; do
case "$_fg_u $_fg_x" in *@.*|*' not-found'|"$_fg_l "*) continue ;; esac
_fg_l=$_fg_u
_fg_say "$_fg_u" || break
done; }`,
  container: `{ docker container ls --all --format '{{.Names}}'; podman container ls --all --format '{{.Names}}'; } | sort -u | while read -r _fg_u _fg_x; do
_fg_say "$_fg_u" || break
done`,
}

/** Null until all of the answer is among what was said. Texts of the host, as they came. */
export function completeAnswer(said: string, nonce: string): readonly string[] | null {
  const begin = `\u001e${nonce} begin 0\n`
  const start = said.indexOf(begin)
  const end = said.indexOf(`\u001e${nonce} end 0\n`)
  if (start < 0 || end < 0) return null
  return said
    .slice(start + begin.length, end)
    .split('\0')
    .filter((text) => text !== '')
}
