/** Holds a durable command back when too much of its output waits on its host. */
import { limits } from '../../shared/limits.ts'

/**
 * `_fg_watch` starts the guard, unless one lives or the command has ended. The guard holds the command
 * back as a full pipe would: over the limit of output that nobody has fetched its group gets STOP, and CONT
 * once half of that is gone; `NAME.kept` says what was fetched for good, `NAME.held` that it was held. It
 * outlives the session, and lives no longer than the keeper: when that is gone without a last line, it
 * says `lost` on descriptor 6.
 */
export function guardFunctions(spoolBytesMax: number): string {
  return `_fg_watch() {
if [ ! -e "$_fg_d.state" ] || _fg_look || _fg_lives "$_fg_guard"; then return; fi
_fg_guard &
echo "guard $!" >>"$_fg_d.state"
}
_fg_guard() {
exec 3<&-
trap '' TERM INT HUP QUIT USR1 USR2 PIPE
_fg_w=
while [ -e "$_fg_d.state" ] && ! _fg_look; do
_fg_lives "$_fg_keeper" || { echo lost >&6; break; }
read -r _fg_o _fg_e <"$_fg_d.kept" || _fg_o=0 _fg_e=0
_fg_sizes
_fg_o=$((_fg_os + _fg_es - _fg_o - _fg_e))
if [ "$_fg_o" -gt ${spoolBytesMax} ]; then kill -STOP "-$_fg_group"; _fg_w=1; : >"$_fg_d.held"
elif [ -n "$_fg_w" ] && [ "$_fg_o" -le ${Math.floor(spoolBytesMax / 2)} ]; then kill -CONT "-$_fg_group"; _fg_w=
fi
sleep ${limits.spoolCheckMs / 1_000}
done
}
`
}
