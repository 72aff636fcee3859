/** Sends what a durable command writes, and tells how it ended: the half of its script that ends with the session. */
import { tailBytesMax } from '../files/file-position.ts'
import { stdbufLibrary } from './help-buffering.ts'

/**
 * `_fg_follow` is all that talks to the server while the session lives. Its stdin has one event in each
 * line: what comes into the state, `lost` when the keeper is gone, and what the server says. A command
 * that ends before the server has said `go` needs no reader that follows its files: they are sent at its
 * end, and no size has to be looked up, as `end` stands behind the last byte on each channel. What is
 * longer than 1 MiB, or may still grow, is followed all the same. The end is seen BEFORE the sizes are
 * read, so that they are final.
 */
export function followFunctions(script: Following): string {
  const { nonce, outBytes, errBytes } = script
  return `${readers}_fg_follow() {
exec 5<&0 </dev/null 3<&- 7>&1
_fg_o=${outBytes} _fg_e=${errBytes} _fg_l= _fg_go= _fg_end=
while read -r _fg_x _fg_y _fg_z <&5; do
case $_fg_x in
group)
if [ -z "$_fg_l" ]; then
_fg_l=$_fg_y
${look(script)}
_fg_say pid "$_fg_l"
printf '\\036${nonce} begin\\n'
[ -z "$_fg_go" ] || _fg_tails
fi ;;
go)
if [ -z "$_fg_go$_fg_end" ]; then
_fg_go=1
[ -z "$_fg_l" ] || _fg_tails
fi ;;
ended|lost)
[ -n "$_fg_end" ] || _fg_over "$_fg_y" "$_fg_z"
[ -n "$_fg_l" ] || break
_fg_end=1 ;;
kept) _fg_fetched "$_fg_y" "$_fg_z" ;;
done)
_fg_remove "$_fg_y"
[ -e "$_fg_d.out" ] || _fg_say removed 1
break ;;
never|unknown|gone)
_fg_say "$_fg_x"
break ;;
esac
done
trap '' TERM
kill -TERM 0
exit 0
}
${overFunction(nonce)}`
}

/**
 * `_fg_over CODE ROOM` tells how it ended; no CODE when nobody knows, no ROOM when it was not the keeper
 * who said so just now.
 */
function overFunction(nonce: string): string {
  return `_fg_over() {
_fg_code=$1 _fg_b=
case $2 in
fits) _fg_full= ;;
full) _fg_full=1 ;;
*)
_fg_same_boot || _fg_b=1
while [ -z "$_fg_b" ] && _fg_lives "$_fg_keeper"; do _fg_pause 1; done
_fg_look ;;
esac
if [ -z "$_fg_l" ]; then
_fg_remove ''
_fg_say cannot 4
return
fi
[ -z "$_fg_b" ] || _fg_say rebooted
[ -z "$_fg_full" ] || _fg_say full 1
_fg_m=
if [ -z "$_fg_b" ] && kill -0 "-$_fg_l"; then
_fg_members "$_fg_l"
[ -z "$_fg_m" ] || _fg_say left$_fg_m
fi
if [ -z "$_fg_go$_fg_m" ] && [ -n "$_fg_code" ] && _fg_whole; then
printf '\\036${nonce} end\\n' >&7
_fg_say whole "$_fg_code"
return
fi
[ -n "$_fg_go" ] || _fg_tails
_fg_sizes
if [ -n "$_fg_code" ]; then _fg_say exit "$_fg_code" "$_fg_os" "$_fg_es"
else _fg_say lost "$_fg_os" "$_fg_es"
fi
}
`
}

export interface Following {
  /** Unguessable, `[a-z0-9]`. */
  readonly nonce: string
  /** Bytes of stdout and stderr that are known already. */
  readonly outBytes: number
  readonly errBytes: number
  /** The last of them, as far as they were kept: the files must still have them. */
  readonly outEnd?: FileEnd
  readonly errEnd?: FileEnd
}

/** So many bytes before the next one, and what `cksum` tells of them. */
export interface FileEnd {
  readonly bytes: number
  readonly sum: number
}

/** 16 times 64 KiB. */
const wholeBytesMax = 16 * 65_536

/**
 * `_fg_tails` sends both files from `_fg_o` and `_fg_e` on, and all that comes into them. With GNU tail the
 * kernel wakes each reader; elsewhere they look five times a second.
 * `_fg_whole` sends them to their end, and fails when one of them is longer than what it sends at most:
 * then the two offsets are behind that. stderr is first, as how long a file is that was sent to its end is
 * not known here.
 * `_fg_fetched` notes what is stored for good, and gives its room back.
 */
const readers = `_fg_tail=
if [ -e ${stdbufLibrary} ] && [ -x /usr/bin/tail ]; then _fg_tail=/usr/bin/tail
else case $(exec tail --version) in *GNU*) _fg_tail=tail ;; esac
fi
_fg_send() {
if [ -n "$_fg_tail" ]; then LC_ALL=C exec "$_fg_tail" -c "+$(($2 + 1))" -s 0.1 -f "$1"; fi
exec <"$1"
dd bs=1 skip="$2" count=0
while :; do dd bs=65536; _fg_pause 2; done
}
_fg_tails() {
_fg_send "$_fg_d.out" "$_fg_o" </dev/null >&7 4>&- 5<&- 7>&- &
if [ -n "$_fg_e" ] && [ -e "$_fg_d.err" ]; then _fg_send "$_fg_d.err" "$_fg_e" </dev/null >&4 4>&- 5<&- 7>&- & fi
}
_fg_whole() {
if [ -s "$_fg_d.err" ]; then
case $(LC_ALL=C exec dd bs=65536 count=16 <"$_fg_d.err" 2>&1 >&4) in 16+*) _fg_e=${wholeBytesMax}; return 1 ;; esac
fi
_fg_e=
if [ -s "$_fg_d.out" ]; then
case $(LC_ALL=C exec dd bs=65536 count=16 <"$_fg_d.out" 2>&1 >&7) in 16+*) _fg_o=${wholeBytesMax}; return 1 ;; esac
fi
}
_fg_fetched() {
echo "$1 $2" >"$_fg_d.kept.tmp" && mv "$_fg_d.kept.tmp" "$_fg_d.kept"
[ "$1" -le ${tailBytesMax} ] || fallocate -p -o 0 -l "$(($1 - ${tailBytesMax}))" "$_fg_d.out"
[ "$2" -le ${tailBytesMax} ] || fallocate -p -o 0 -l "$(($2 - ${tailBytesMax}))" "$_fg_d.err"
}
`

/** What was done to the files meanwhile is told before any byte of them, and before `pid`. */
function look(script: Following): string {
  const { outBytes, errBytes } = script
  return `${outBytes + errBytes > 0 ? lookForCuts(script) : ''}if [ -e "$_fg_d.held" ]; then rm "$_fg_d.held"; _fg_say held 1; fi`
}

/**
 * A file that is shorter than what is known of it is read from its end on. One that is long enough
 * may have been cut and have grown again: then it has other bytes before those that are read now.
 * A host without `cksum` proves nothing, and is believed.
 */
function lookForCuts({ outEnd, errEnd }: Following): string {
  return `_fg_other() {
_fg_x=$(exec dd if="$_fg_d.$1" bs=1 skip="$(($2 - $3))" count="$3" | cksum)
case $_fg_x in ''|"$4 $3") return 1 ;; esac
}
_fg_sizes
if [ "$_fg_os" -lt "$_fg_o" ]; then _fg_say cut 1 "$_fg_os"; _fg_o=$_fg_os
${prove('out', outEnd)}fi
if [ "$_fg_es" -lt "$_fg_e" ]; then _fg_say cut 2 "$_fg_es"; _fg_e=$_fg_es
${prove('err', errEnd)}fi
`
}

function prove(file: 'out' | 'err', end: FileEnd | undefined): string {
  if (end === undefined) return ''
  const [offset, channel] = file === 'out' ? ['_fg_o', 1] : ['_fg_e', 2]
  return `elif _fg_other ${file} "$${offset}" ${end.bytes} ${end.sum}; then _fg_say changed ${channel}
`
}
