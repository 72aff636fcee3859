/** The script that ends a process group from a second session and proves that it is empty. */
import { groupFunctions, printMark } from './shell-parts.ts'

export interface StopScript {
  /** Leader of the group. */
  readonly pid: number
  /** The wrapper's own helper in the group: it is ended, but not counted as the command's. */
  readonly watchdog: number
  readonly nonce: string
  readonly graceMs: number
}

/**
 * TERM and CONT, up to `graceMs` for the command to end, KILL, up to 5 s for the kernel. Marks on
 * stdout: `gone N KILLED` (KILLED is 1 when KILL was needed) or `alive PID …`. `ps` is the proof and
 * not `kill -0`, which a zombie answers too. `kill -TERM -PGID` is the one spelling that dash, bash
 * and BusyBox all take.
 */
export function stopScript({ pid, watchdog, nonce, graceMs }: StopScript): string {
  return `{ exec 2>/dev/null
${groupFunctions}_fg_wait() {
_fg_t=0
while _fg_members ${pid}; [ -n "$_fg_m" ] && [ "$_fg_t" -lt "$1" ]; do
if sleep 0.1; then _fg_t=$((_fg_t + 1)); else sleep 1; _fg_t=$((_fg_t + 10)); fi
done
}
_fg_members ${pid} - ${watchdog}
_fg_n=0 _fg_killed=0
for _fg_x in $_fg_m; do [ "$_fg_x" = ${pid} ] || _fg_n=$((_fg_n + 1)); done
kill -TERM -${pid}
kill -CONT -${pid}
_fg_wait ${Math.ceil(graceMs / 100)}
if [ -n "$_fg_m" ]; then
_fg_killed=1
kill -KILL -${pid}
_fg_wait 50
fi
if [ -z "$_fg_m" ]; then ${printMark(nonce, 'gone %s %s')} "$_fg_n" "$_fg_killed"
else ${printMark(nonce, 'alive%s')} "$_fg_m"; fi
exit 0
}
`
}
