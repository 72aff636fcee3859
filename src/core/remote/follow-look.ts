/** Pieces of the follow script: the look at all followed files, and at what the globs match. */
import { limits } from '../../shared/limits.ts'

/** Bytes sent again before new ones, so that the reader can tell that they go on where it stopped. */
export const overlapBytes = 64

/** A round is followed by the next one at once only while a file is this far behind. */
const behindBytes = 64 * 1024

/** Rounds of one look, so that commands are not kept waiting by a file that is far behind. */
const roundsMax = 256

/**
 * \`_fg_looks\`: one \`stat\` for all files; when it says what it said last time, that was all. Each
 * file that has grown is read (\`@d\`). The next \`stat\` tells which of these still are what they were
 * (\`@k\` keep, \`@x\` drop). A file that is not what it was is reported (\`@s\`) and left alone from
 * then on. What a \`w\` names is reported when it changes at all.
 *
 * A file of the same size that was changed may have been cut and written again: \`_fg_again\` sends
 * its last bytes once more, so that the other side can tell. So it does at the first look.
 *
 * \`_fg_round\` walks through files and lines of \`stat\` side by side: a line that is not about the
 * file means that it is not there.
 */
export const lookFunctions: string = `_fg_looks() {
_fg_c=0 _fg_all=1
while [ -n "$_fg_ids" ]; do
set --
for _fg_k in $_fg_ids; do eval "set -- \\"\\$@\\" \\"\\$_fg_p$_fg_k\\""; done
_fg_new=$(_fg_stats "" "$@")
[ "$_fg_new" != "$_fg_old" ] || break
_fg_round
_fg_c=$((_fg_c + 1))
[ "$_fg_read" = 1 ] && [ "$_fg_c" -lt ${roundsMax} ] || break
done
}
_fg_round() {
_fg_read=0 _fg_next=0 _fg_rest=0 _fg_left=${limits.followRoundBytesMax} _fg_gone= _fg_l=$_fg_new
for _fg_k in $_fg_ids; do
eval "_fg_p=\\$_fg_p$_fg_k _fg_i=\\$_fg_i$_fg_k _fg_o=\\$_fg_o$_fg_k _fg_r=\\$_fg_r$_fg_k _fg_v=\\$_fg_v$_fg_k _fg_t=\\$_fg_t$_fg_k"
_fg_1=\${_fg_l%%"$_fg_nl"*}
if [ "\${_fg_1#* * * }" = "$_fg_p|" ]; then
case $_fg_l in *"$_fg_nl"*) _fg_l=\${_fg_l#*"$_fg_nl"} ;; *) _fg_l= ;; esac
_fg_w=\${_fg_1%% *} _fg_1=\${_fg_1#* }
_fg_s=\${_fg_1%% *} _fg_1=\${_fg_1#* }
_fg_m=\${_fg_1%% *}
else
_fg_w=0 _fg_s=0 _fg_m=0
fi
_fg_one
eval "_fg_o$_fg_k=\\$_fg_o _fg_r$_fg_k=\\$_fg_r _fg_t$_fg_k=\\$_fg_m"
done
_fg_old=$_fg_new _fg_all=$_fg_next
[ "$_fg_rest" = 0 ] || _fg_old=-
for _fg_k in $_fg_gone; do _fg_drop "$_fg_k"; done
[ "$_fg_next" = 0 ] || { _fg_x=\${_fg_ids# }; _fg_ids="\${_fg_x#* } \${_fg_x%% *}" _fg_old=-; }
}
_fg_one() {
if [ "$_fg_r" -gt 0 ]; then
if [ "$_fg_w" = "$_fg_i" ] && [ "$_fg_s" -ge "$((_fg_o + _fg_r))" ]; then
_fg_o=$((_fg_o + _fg_r))
echo "@k $_fg_k"
else echo "@x $_fg_k"; fi
_fg_r=0
fi
if [ "$_fg_w" != "$_fg_i" ] || [ "$_fg_s" -lt "$_fg_o" ] || { [ "$_fg_v" = w ] && [ "$_fg_s" != "$_fg_o" ]; }; then
printf '@s %s %s %s %s\\n' "$_fg_k" "$_fg_w" "$_fg_s" "$_fg_m"
_fg_gone="$_fg_gone $_fg_k"
return
fi
_fg_n=$((_fg_s - _fg_o))
if [ "$_fg_n" = 0 ]; then
[ "$_fg_m" = "$_fg_t" ] || [ "$_fg_o" = 0 ] || _fg_again
return
fi
_fg_rest=1
[ "$_fg_all" = 1 ] || [ "$_fg_n" -ge ${behindBytes} ] || return
[ "$_fg_left" -gt 0 ] || { _fg_next=1; return; }
[ "$_fg_n" -le ${limits.followFrameBytesMax / 2} ] || _fg_n=${limits.followFrameBytesMax / 2}
_fg_send
_fg_left=$((_fg_left - _fg_n))
if [ "$_fg_ok" = 1 ]; then _fg_r=$_fg_n _fg_read=1; else echo "@x $_fg_k"; fi
}
_fg_send() {
_fg_x=${overlapBytes}
[ "$_fg_x" -le "$_fg_o" ] || _fg_x=$_fg_o
printf '@d %s %s %s %s %s %s %s\\n' "$_fg_k" "$_fg_i" "$_fg_s" "$_fg_m" "$((_fg_o - _fg_x))" "$_fg_x" "$((_fg_n + _fg_x))"
_fg_bytes "$_fg_p" "$((_fg_o - _fg_x))" "$((_fg_n + _fg_x))"
}
_fg_again() {
_fg_send
if [ "$_fg_ok" = 1 ]; then echo "@k $_fg_k"; else echo "@x $_fg_k"; fi
}
_fg_matches() {
for _fg_k in $_fg_globs; do
eval "_fg_p=\\$_fg_p$_fg_k _fg_o=\\$_fg_m$_fg_k"
set +f; IFS=; set -- $_fg_p; IFS=$_fg_nl; _fg_x="$*"; IFS=' '; set -f
[ "$_fg_x" != "$_fg_o" ] || continue
eval "_fg_m$_fg_k=\\$_fg_x"
echo "@g $_fg_k"
done
}
`
