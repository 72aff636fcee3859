/** The scripts that end a process group from a second session and prove that it is empty. */
import { bootNumber, groupFunctions, printMark } from './shell-parts.ts'
import { spoolFunctions, spoolPath } from './spool.ts'

export interface StopScript {
  /** Leader of the group. */
  readonly pid: number
  /** The wrapper's own helper in the group: it is ended, but not counted as the command's. */
  readonly watchdog: number
  /** When the leader was started, see `ownStart`; 0 when that is not known. */
  readonly since: number
  /** In which boot that was, see `bootNumber`; 0 when that is not known. */
  readonly boot: number
  readonly nonce: string
  readonly graceMs: number
}

/**
 * TERM and CONT, up to `graceMs` for the command to end, KILL, 5 s or somewhat more for the kernel. Marks on
 * stdout: `gone N KILLED` (KILLED is 1 when KILL was needed) or `alive PID …`. `ps` is the proof and
 * not `kill -0`, which a zombie answers too. `kill -TERM -PGID` is the one spelling that dash, bash
 * and BusyBox all take. No signal goes to a group of another boot, nor
 * to one whose leader's number was given anew.
 */
export function stopScript(script: StopScript): string {
  const { pid, watchdog, since, boot, nonce, graceMs } = script
  return `{ exec 2>/dev/null
_fg_n=0 _fg_killed=0 _fg_m= _fg_o= _fg_group=${pid} _fg_since=${since}
${groupFunctions}${since === 0 ? '' : checkLeader}${boot === 0 ? '' : checkBoot(boot)}if [ -n "$_fg_group" ]; then
${endGroup(watchdog, graceMs)}fi
${tellProof(nonce)}
exit 0
}
`
}

export interface DurableStopScript {
  /** Names the spool. */
  readonly name: string
  readonly nonce: string
  readonly graceMs: number
}

/**
 * The same for a durable run, whose group is in its spool. No signal goes to a group of
 * another boot, nor to one whose leader's number was given anew. A start that is under way is waited
 * for. Where nothing was started, nothing will be: then `gone 0 0`. After the two numbers of `gone`
 * come processes that carry the task's name in their environment and have left the group, where
 * /proc tells.
 */
export function durableStopScript({ name, nonce, graceMs }: DurableStopScript): string {
  return `{ exec 2>/dev/null
${groupFunctions}${spoolFunctions}${spoolPath(name)}
_fg_n=0 _fg_killed=0 _fg_m= _fg_o= _fg_group=
if _fg_make; then echo never >>"$_fg_d.state"
elif ! _fg_started; then [ -n "$_fg_never$_fg_code" ] || exit 0
elif _fg_same_boot; then
${checkLeader}else _fg_group=
fi
if [ -n "$_fg_group" ]; then
${endGroup(0, graceMs)}for _fg_x in $(exec grep -ls "FARGLASS_TASK=${name}" /proc/[0-9]*/environ); do
_fg_x=\${_fg_x#/proc/} _fg_x=\${_fg_x%/environ}
case " $_fg_m " in *" $_fg_x "*) ;; *) _fg_o="$_fg_o $_fg_x" ;; esac
done
fi
${tellProof(nonce)}
exit 0
}
`
}

export interface DurableRemoveScript {
  readonly name: string
  readonly nonce: string
  /** A start may still be on its way, and must find the door shut. */
  readonly isShut: boolean
}

/** Removes what the host keeps of a durable run that has ended and is stored: then `gone 0 0`. */
export function durableRemoveScript({ name, nonce, isShut }: DurableRemoveScript): string {
  return `{ exec 2>/dev/null
${spoolFunctions}${spoolPath(name)}
! _fg_look || _fg_remove ${isShut ? 'shut' : ''}
${printMark(nonce, 'gone 0 0')}
exit 0
}
`
}

/** Empties `_fg_group` when its leader is another process than the one that was started at `_fg_since`. */
const checkLeader = `if [ -r "/proc/$_fg_group/stat" ]; then
read -r _fg_x <"/proc/$_fg_group/stat"
_fg_x=$(set -- \${_fg_x##*) }; echo "\${20}")
[ "$_fg_x" = "$_fg_since" ] || _fg_group=
fi
`

/** Empties it when the host was started anew since then. */
function checkBoot(boot: number): string {
  return `${bootNumber}
[ "$_fg_b" = ${boot} ] || _fg_group=
`
}

/**
 * Ends the group `_fg_group`; sets `_fg_n`, `_fg_killed`, and `_fg_m` to what is left of it. The
 * wrapper's watchdog takes its time: it is ended when it alone is left.
 */
function endGroup(watchdog: number, graceMs: number): string {
  const [other, ends] = watchdog === 0 ? ['', '[ -n "$_fg_m" ]'] : [` ${watchdog}`, ':']
  return `${waitFunction}_fg_members "$_fg_group" -${other}
_fg_n=0 _fg_killed=0
for _fg_x in $_fg_m; do [ "$_fg_x" = "$_fg_group" ] || _fg_n=$((_fg_n + 1)); done
kill -TERM "-$_fg_group"
kill -CONT "-$_fg_group"
_fg_wait ${Math.ceil(graceMs / 100)} ${Math.ceil(graceMs / 1_000)}${other}
[ -z "$_fg_m" ] || _fg_killed=1
if ${ends}; then
kill -KILL "-$_fg_group"
_fg_wait 50 30
fi
`
}

/**
 * `_fg_wait TENTHS SECONDS [OTHER]` waits until no process of the group is left, or OTHER alone, so
 * many tenths of a second at the longest. On a busy host each look takes long too, so that many
 * tenths would be far more: there it waits until more than SECONDS have passed by the clock of the
 * boot, where the host tells it.
 */
const waitFunction = `_fg_clock() {
_fg_u=0
read -r _fg_u _fg_x </proc/uptime
_fg_u=\${_fg_u%%.*}
}
_fg_wait() {
_fg_t=0
_fg_clock
_fg_z=$_fg_u
while _fg_members "$_fg_group" - "\${3--}"; [ -n "$_fg_m" ] && [ "$_fg_t" -lt "$1" ] && [ "$((_fg_u - _fg_z))" -le "$2" ]; do
if sleep 0.1; then _fg_t=$((_fg_t + 1)); else sleep 1; _fg_t=$((_fg_t + 10)); fi
_fg_clock
done
}
`

function tellProof(nonce: string): string {
  return `if [ -z "$_fg_m" ]; then ${printMark(nonce, 'gone %s %s%s')} "$_fg_n" "$_fg_killed" "$_fg_o"
else ${printMark(nonce, 'alive%s')} "$_fg_m"; fi`
}
