/** The script that follows several files of a host in one session: it looks, reads and reports. */
import { lookFunctions } from './follow-look.ts'
import { readFunctions } from './follow-read.ts'
import { printMark } from './shell-parts.ts'

export interface FollowScript {
  /** Unguessable, `[a-z0-9]`: nothing counts before the `ready` mark that carries it. */
  readonly nonce: string
}

/**
 * POSIX sh for the stdin of a constant `sh -s`. It decides nothing: what to look at and to read
 * comes as lines on stdin (follow-command.ts), and what it sees goes to stdout in frames
 * (follow-frames.ts). Nothing may be sent before its `ready` mark, as dash and BusyBox read their
 * stdin in blocks. When stdin ends, the whole process group is killed: it has nothing to clean up.
 *
 * Two halves, joined by a pipe. The first waits for commands and rings the bell: with GNU tail a
 * `tail -F` wakes it as soon as a file grows (and costs nothing while none does), otherwise it looks
 * a few times a second. The second half takes all that waits in the pipe at once, so that rings that
 * piled up behind a slow reader cost one look.
 */
export function followScript({ nonce }: FollowScript): string {
  return `{ exec 3<&0 4>&1 </dev/null 2>/dev/null
LC_ALL=C; export LC_ALL
_fg_nl='
'
${probe}
{ exec 4>&-
${bellFunction}${takeCommands}
} | { exec 3<&-
${readFunctions}${lookFunctions}${printMark(nonce, 'ready')}
printf '@h %s|\n' "$HOME"
${serve}
}
exit
}
`
}

/** What this host has: how to see inode, size and time of a file, and how to read a part of one. */
const probe = `_fg_bell= _fg_stat=l _fg_skip= _fg_full=
case $(tail --version) in *GNU*) _fg_bell=1 ;; esac
if [ "$(stat -L -c %F /)" = directory ]; then _fg_stat=c
case $(stat -L -c %.9Y /) in [0-9]*.[0-9]*) _fg_stat=n ;; esac
elif [ "$(stat -L -f %HT /)" = Directory ]; then _fg_stat=f; fi
case $(echo abcd | dd bs=4 iflag=skip_bytes,count_bytes skip=1 count=2 2>&1) in
bc*"\${_fg_nl}2 byte"*) _fg_skip=1 ;;
esac
[ "$({ echo a; sleep 0; echo b; } | dd bs=3 count=1 iflag=fullblock)" != "a\${_fg_nl}b" ] || _fg_full=1`

/**
 * \`t\` asks for a look, \`T\` also at the globs. The look every 2 s finds what the bell does not
 * tell: new matches of a glob, and files of a file system without notification. \`tail\` ends with
 * the process that is named to it, so a bell for other files needs no clean-up. At most 20 rings a second.
 */
const bellFunction = `_fg_ring() {
( exec 3<&-
_fg_n=0
for _fg_x in 0.1 0.3; do echo T; sleep "$_fg_x" || sleep 1; done
while :; do
if [ -n "$_fg_bell" ]; then echo T; sleep 2
else
_fg_n=$(( (_fg_n + 1) % 6))
if [ "$_fg_n" = 0 ]; then echo T; else echo t; fi
sleep 0.3 || sleep 1
fi
done ) &
_fg_t=$!
[ -n "$_fg_bell" ] && [ "$#" -gt 0 ] || return 0
{ exec 3<&-
tail -n 0 -q -F --pid="$_fg_t" -- "$@" 2>&1 | while _fg_e=$(dd bs=65536 count=1 2>&1 >/dev/null); do
case $_fg_e in "0+0 "*) break ;; esac
echo t
sleep 0.05 || sleep 1
done
} &
}
`

/** The bell is set anew by \`b\` for each file and one \`B\`. All other commands are for the second half. */
const takeCommands = `_fg_t=
while IFS= read -r _fg_l <&3; do
case $_fg_l in
"b "*)
_fg_l=\${_fg_l#??}
set -- "$@" "\${_fg_l%?}" ;;
B)
[ -z "$_fg_t" ] || { kill "$_fg_t"; wait "$_fg_t"; }
_fg_ring "$@"
set -- ;;
*) printf '%s\\n' "$_fg_l" ;;
esac
done
kill -KILL 0`

/** Takes all lines that wait, does what they say, and looks once if one of them asks for it. */
const serve = `_fg_ids= _fg_globs= _fg_old=-
set -f
while _fg_x=$(dd bs=65536 count=1); [ -n "$_fg_x" ]; do
_fg_look= _fg_match=
IFS=$_fg_nl
for _fg_l in $_fg_x; do
IFS=' '
case $_fg_l in
t) _fg_look=1 ;;
T) _fg_look=1 _fg_match=1 ;;
*) _fg_do "$_fg_l" ;;
esac
done
IFS=' '
[ -z "$_fg_look" ] || _fg_looks
[ -z "$_fg_match" ] || _fg_matches
done
kill -KILL 0`
