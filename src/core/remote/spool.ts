/** The spool of a durable run on its host: POSIX sh that makes its files, reads what stands in them, and removes them. */
import { limits } from '../../shared/limits.ts'

/** Sets `_fg_d` to the path of a task's files, without what ends their names, or to nothing where there is no place for them. */
export function spoolPath(name: string): string {
  return `_fg_h=\${XDG_STATE_HOME:-\${HOME:+$HOME/.local/state}}
_fg_d=\${_fg_h:+$_fg_h/farglass/runs/${name}}`
}

/**
 * `NAME.out` and `NAME.err` have the command's output. `NAME.state` grows by whole lines, each written
 * at once:
 *
 * - `fits`, which becomes `full` where the disk was full when the command had ended;
 * - `boot ID GROUP`: in which boot of the host it was made, and by which process group;
 * - `group PID START KEEPER`: the leader of the command, which is about to begin (START as `ownStart`
 *   says), and who waits for it to end, a process of the first group;
 * - `guard PID`: who looks that not too much output waits, see `guardFunctions`, one of that group too;
 * - `ended CODE`: how it ended. What stands behind it says nothing;
 * - `never`: there is no command, and there never will be.
 *
 * Its first line makes room for the others, so that a disk that the command has filled takes them. No
 * directory for each task, and no file for each of these: that costs a host more than what is in them.
 *
 * `_fg_make` makes it and fails when it is there already, without a program: it is the lock.
 * `_fg_look` reads it, and fails until the command has ended.
 * `_fg_lives PID` tells whether that process of the first group is still there.
 * `_fg_same_boot` tells whether the command was started in this boot.
 * `_fg_started` waits for the command to begin, for 10 s and for as long as the first group lives; it
 * fails at once when that cannot be any more. Pauses of 20 ms where sleep can.
 * `_fg_sizes` sets `_fg_os` and `_fg_es`. `ls` and not `wc`, which reads all of it on BusyBox.
 * `_fg_remove` removes it all, the state last; with the word `shut` the state stays without a command, so
 * that no start that is still on its way can begin the command again. The age sweep takes it later.
 */
export const spoolFunctions: string = `_fg_make() {
[ -d "\${_fg_d%/*}" ] || ( umask 077; mkdir -p "\${_fg_d%/*}" )
set -C
{ :; } >"$_fg_d.state"
set -- "$?"
set +C
[ "$1" = 0 ] || return 1
_fg_boot_id
echo "fits
boot $_fg_x $$" >>"$_fg_d.state"
}
_fg_look() {
_fg_boot= _fg_first= _fg_group= _fg_since=0 _fg_keeper= _fg_guard= _fg_code= _fg_full= _fg_never=
while read -r _fg_x _fg_y _fg_z _fg_k; do
case $_fg_x in
full) _fg_full=1 ;;
boot) _fg_boot=$_fg_y _fg_first=$_fg_z ;;
group) _fg_group=$_fg_y _fg_since=$_fg_z _fg_keeper=$_fg_k ;;
guard) _fg_guard=$_fg_y ;;
never) _fg_never=1 ;;
ended) _fg_code=$_fg_y; break ;;
esac
done <"$_fg_d.state"
[ -n "$_fg_code" ]
}
_fg_lives() {
[ -n "\${1-}" ] || return 1
if [ -r "/proc/$$/stat" ]; then
read -r _fg_x <"/proc/$1/stat" || return 1
set -- \${_fg_x##*) }
else set -- $(exec ps -o stat= -o ppid= -o pgid= -p "$1")
fi
case \${1-Z} in [ZX]*) return 1 ;; esac
[ "$3" = "$_fg_first" ]
}
_fg_boot_id() { _fg_x=; read -r _fg_x </proc/sys/kernel/random/boot_id; }
_fg_same_boot() {
_fg_look
_fg_boot_id
[ "$_fg_x" = "$_fg_boot" ]
}
_fg_started() {
_fg_tries=0
while _fg_look; _fg_b=$?; [ -z "$_fg_group" ]; do
if [ "$_fg_b" = 0 ] || [ -n "$_fg_never" ] || [ ! -e "$_fg_d.state" ]; then return 1
elif [ "$_fg_tries" -ge ${limits.startAnswerMs} ]; then
kill -0 "-$_fg_first" || return
_fg_pause 9
elif sleep 0.02; then _fg_tries=$((_fg_tries + 20))
else sleep 1; _fg_tries=$((_fg_tries + 1000))
fi
done
}
_fg_sizes() {
_fg_os=0 _fg_es=0 _fg_i=0
for _fg_x in $(cd "\${_fg_d%/*}" && LC_ALL=C exec ls -ln "\${_fg_d##*/}.out" "\${_fg_d##*/}.err"); do
_fg_i=$((_fg_i + 1))
case $_fg_i in 5) _fg_z=$_fg_x ;; esac
case $_fg_x in
*.out) _fg_os=$_fg_z _fg_i=0 ;;
*.err) _fg_es=$_fg_z _fg_i=0 ;;
esac
done
}
_fg_remove() {
if [ "$1" = shut ]; then echo never >"$_fg_d.state"; set --
else set -- "$_fg_d.state"
fi
LC_ALL=C rm -f "$_fg_d.out" "$_fg_d.err" "$_fg_d.kept" "$_fg_d.kept.tmp" "$_fg_d.held" "$@"
}
`
