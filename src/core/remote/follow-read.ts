/** Pieces of the follow script: the commands, and reading parts of plain and of packed files. */

import { limits } from '../../shared/limits.ts'

/**
 * \`_fg_do\` takes a line \`VERB ID A B PATH|\`. The end of the path is marked, as it may be a blank.
 *
 * \`_fg_state PATH\` sets inode, size and time of last change (s), all 0 when it is not there.
 * \`_fg_entries\` lists regular files; a name with a newline would break the frames and is counted.
 * \`_fg_siblings\`: the path first, so that a rotation under way cannot hide a file between two others.
 *
 * \`_fg_bytes PATH FROM COUNT\` writes exactly COUNT bytes, zeros where the file has become shorter,
 * so that a frame cannot break; \`_fg_ok\` is then 0. \`dd\` that can skip bytes is one process for that;
 * \`tail -c +N\` alone would read from the start of the file on BusyBox.
 */
export const readFunctions: string = `_fg_do() {
_fg_v=\${1%% *} _fg_r=\${1#* }
_fg_k=\${_fg_r%% *} _fg_r=\${_fg_r#* }
_fg_a=\${_fg_r%% *} _fg_r=\${_fg_r#* }
_fg_b=\${_fg_r%% *} _fg_r=\${_fg_r#* }
_fg_p=\${_fg_r%?}
case $_fg_v in
l) set +f; IFS=; set -- $_fg_p "$_fg_p"; IFS=' '; set -f; _fg_entries "$@" ;;
s) set +f; set -- "$_fg_p" "$_fg_p".* "$_fg_p"-* "\${_fg_p%.*}"[-.][0-9]*; set -f; _fg_entries "$@" ;;
r) _fg_part ;;
z) _fg_packed ;;
f|w) eval "_fg_p$_fg_k=\\$_fg_p _fg_i$_fg_k=\\$_fg_a _fg_o$_fg_k=\\$_fg_b _fg_v$_fg_k=\\$_fg_v _fg_r$_fg_k=0 _fg_t$_fg_k="
_fg_drop "$_fg_k"; _fg_ids="$_fg_ids $_fg_k" _fg_look=1 ;;
u) _fg_drop "$_fg_k" ;;
g) eval "_fg_p$_fg_k=\\$_fg_p _fg_m$_fg_k="; _fg_globs="$_fg_globs $_fg_k" ;;
esac
}
_fg_drop() {
_fg_x= _fg_old=-
for _fg_y in $_fg_ids; do [ "$_fg_y" = "$1" ] || _fg_x="$_fg_x $_fg_y"; done
_fg_ids=$_fg_x
}
_fg_stats() {
_fg_z=$1
shift
case $_fg_stat in
n) stat -L -c "$_fg_z%i %s %.9Y %n|" -- "$@" ;;
c) stat -L -c "$_fg_z%i %s %Y %n|" -- "$@" ;;
f) stat -L -f "$_fg_z%i %z %m %N|" -- "$@" ;;
l) ls -lniLd -- "$@" | while read -r _fg_1 _fg_2 _fg_2 _fg_2 _fg_2 _fg_3 _fg_2 _fg_2 _fg_2 _fg_4; do
printf '%s%s %s 0 %s|\\n' "$_fg_z" "$_fg_1" "$_fg_3" "$_fg_4"
done ;;
esac
}
_fg_state() {
set -- $(_fg_stats "" "$1")
_fg_i=\${1:-0} _fg_s=\${2:-0} _fg_m=\${3:-0}
}
_fg_entries() {
_fg_n=0
for _fg_f in "$@"; do
shift
case $_fg_f in *"$_fg_nl"*) _fg_n=$((_fg_n + 1)); continue ;; esac
[ -f "$_fg_f" ] || continue
if [ -r "$_fg_f" ]; then set -- "$@" "$_fg_f"
else printf '@u %s %s|\\n' "$_fg_k" "$_fg_f"; fi
done
[ "$#" = 0 ] || _fg_stats "@e $_fg_k " "$@"
printf '@. %s %s\\n' "$_fg_k" "$_fg_n"
}
_fg_part() {
_fg_state "$_fg_p"
_fg_n=$((_fg_s - _fg_a)) _fg_w=$_fg_i
[ "$_fg_n" -le "$_fg_b" ] || _fg_n=$_fg_b
[ "$_fg_n" -ge 0 ] || _fg_n=0
printf '@d %s %s %s %s %s 0 %s\\n' "$_fg_k" "$_fg_i" "$_fg_s" "$_fg_m" "$_fg_a" "$_fg_n"
_fg_bytes "$_fg_p" "$_fg_a" "$_fg_n"
_fg_state "$_fg_p"
if [ "$_fg_ok$_fg_i" = "1$_fg_w" ] && [ "$_fg_s" -ge "$((_fg_a + _fg_n))" ]; then echo "@k $_fg_k"
else echo "@x $_fg_k"; fi
}
_fg_bytes() {
_fg_ok=1
[ "$3" -gt 0 ] || return 0
if [ -z "$_fg_skip" ]; then
{ dd if="$1" bs=65536 skip=$(($2 / 65536)) | tail -c +$(($2 % 65536 + 1)); cat /dev/zero; } | head -c "$3"
return 0
fi
_fg_e=$(dd if="$1" bs=65536 iflag=skip_bytes,count_bytes skip="$2" count="$3" 2>&1 >&4)
case $_fg_e in *"$_fg_nl$3 byte"*) return 0 ;; esac
_fg_ok=0 _fg_e=\${_fg_e##*"$_fg_nl"}
_fg_e=\${_fg_e%% *}
case $_fg_e in ''|*[!0-9]*) _fg_e=0 ;; esac
head -c $(($3 - _fg_e)) /dev/zero
}
_fg_unpack() {
case $1 in
*.gz) gzip -dc -- "$1" ;;
*.xz) xz -dc -- "$1" ;;
*.zst) zstd -dcq -- "$1" ;;
*.bz2) bzip2 -dc -- "$1" ;;
esac
}
_fg_packed() {
_fg_s=$(_fg_unpack "$_fg_p" | wc -c)
_fg_s=$((_fg_s + 0))
printf '@z %s %s\\n' "$_fg_k" "$_fg_s"
_fg_e=$_fg_s
[ "$_fg_b" = 0 ] || [ "$((_fg_a + _fg_b))" -ge "$_fg_s" ] || _fg_e=$((_fg_a + _fg_b))
if [ -n "$_fg_full" ]; then
[ "$_fg_a" -ge "$_fg_e" ] || _fg_from "$_fg_a" | _fg_frames 'dd bs=$_fg_n count=1 iflag=fullblock'
else
_fg_frames '_fg_from $_fg_a | head -c $_fg_n'
fi
echo "@. $_fg_k 0"
}
_fg_from() {
_fg_unpack "$_fg_p" | tail -c +$(($1 + 1))
cat /dev/zero
}
_fg_frames() {
while [ "$_fg_a" -lt "$_fg_e" ]; do
_fg_n=$((_fg_e - _fg_a))
[ "$_fg_n" -le ${limits.followFrameBytesMax} ] || _fg_n=${limits.followFrameBytesMax}
printf '@d %s 0 %s 0 %s 0 %s\\n' "$_fg_k" "$_fg_s" "$_fg_a" "$_fg_n"
eval "$1"
echo "@k $_fg_k"
_fg_a=$((_fg_a + _fg_n))
done
}
`
