/** The script of a durable run: starts the command at most once, or finds it, and sends its output from any byte on. */
import { limits } from '../../shared/limits.ts'
import { type Following, followFunctions } from './durable-follow.ts'
import { guardFunctions } from './durable-guard.ts'
import { endOfSecrets, keepFunction, leaderScript } from './durable-keeper.ts'
import { durableProbe } from './durable-probe.ts'
import { groupFunctions, putFunction, quoted } from './shell-parts.ts'
import { spoolFunctions, spoolPath } from './spool.ts'
import { type Becoming, prepareCommand, runCommand } from './sudo-command.ts'

export interface DurableScript extends Becoming, Following {
  /** Names the spool, `[a-z0-9.]`. */
  readonly name: string
  /** Null: it must not be started now. */
  readonly command: string | null
  /** It is known to have started. */
  readonly isStarted: boolean
  readonly merged: boolean
  /** The host had all that is needed a moment ago: it is not asked again. */
  readonly isFit: boolean
  /** Output that may wait on the host; else `limits.spoolBytesMax`. */
  readonly spoolBytesMax?: number
}

/**
 * POSIX sh for the stdin of a constant `sh -s`, one compound command as plainScript says. What the
 * command writes to its two files comes on the session's two outputs, each from its byte on; marks
 * come on stderr between them:
 *
 * - `cannot REASON`: this host cannot hold a durable run, see `cannotReasons`; nothing was started;
 * - `never`: it was not started before, and never will be; `gone`: its spool is missing;
 * - `unknown`: the start was begun, but the command did not show up within 10 s;
 * - `pid GROUP`: it was started, now or before; then `rebooted` when that was before a reboot;
 * - `begin`, on stdout: what stood before it there is not of the command, but of the login shell;
 * - before `pid`, since bytes on stdout may overtake what is said here:
 *   `cut CHANNEL SIZE`: the file (1 stdout, 2 stderr) is shorter than what is known of it;
 *   `changed CHANNEL`: the file has other bytes before those that come now than the ones known;
 *   `held`: the command was held back meanwhile, because too much output waited to be fetched;
 * - `left PID …`: processes of the group that outlive the command;
 * - `full`: its disk was full when the command ended;
 * - `exit CODE OUT ERR`: it has ended, and its files have these sizes; `lost OUT ERR` when nobody
 *   knows how it ended. The reader has everything once it has as many bytes;
 * - `whole CODE` behind the last byte of stderr, and `end` behind that of stdout: the same of a command
 *   that has ended before `go`.
 *
 * The session stays until its stdin ends. Lines there:
 *
 * - `go`: from now on output is to come as it is written; until then it may wait for the end;
 * - `watch`: the command runs for so long, or writes so much, that the guard is wanted;
 * - `kept OUT ERR`: so many bytes of the two files are stored: their space on the disk is given back
 *   where the host can punch holes (fallocate of util-linux), but for the last 256 of them, which are
 *   compared when it is read on;
 * - `done`, or `done shut` (see `_fg_remove`): removes the spool, then `removed 1` is said.
 */
export function durableScript(script: DurableScript): string {
  const { name, nonce, command } = script
  return `{ exec 3<&0 4>&2 2>/dev/null </dev/null
${groupFunctions}${spoolFunctions}${putFunction}_fg_say() { printf '\\036${nonce} %s\\n' "$*" >&4; }
_fg_leave() { _fg_say "$@"; exit 0; }
${spoolPath(name)}
${guardFunctions(script.spoolBytesMax ?? limits.spoolBytesMax)}${relayFunction}${bellFunctions}${followFunctions(script)}${command === null ? attach(script.isStarted) : start(script, command)}
}
`
}

/**
 * `_fg_relay` passes on what the server says, and does what must be done when it can say no more. A line
 * of it may come between two parts of a long one, so it begins one. A session that is cut at once must
 * not take along what is not yet in a session of its own.
 */
const relayFunction = `_fg_relay() {
exec 4>&-
while read -r _fg_x _fg_y _fg_z; do
case $_fg_x in
watch) _fg_watch ;;
*) echo "
$_fg_x $_fg_y $_fg_z" >&6 ;;
esac
done <&3
_fg_started
trap '' TERM
_fg_watch
kill -TERM 0
exit 0
}
`

/**
 * The events of a command that another session has started. A keeper that was killed, or whose disk is
 * full, writes no last line: it is looked for now and then, as is the spool of a follower that nobody
 * reads any more.
 */
const bellFunctions = `_fg_rung() { _fg_look || ! _fg_same_boot; }
_fg_bell() {
if ! _fg_started; then
if [ -n "$_fg_never$_fg_code" ]; then echo never
elif [ -e "$_fg_d.state" ]; then echo unknown
else echo gone
fi
return
fi
echo go
if _fg_rung; then :
elif [ -n "$_fg_tail" ]; then
LC_ALL=C "$_fg_tail" -n +1 -s 0.1 -f "$_fg_d.state" &
until _fg_rung; do sleep 3; [ -e "$_fg_d.state" ] && _fg_lives "$_fg_keeper" || break; done
kill "$!"
else
while read -r _fg_x; do echo "$_fg_x"; done <"$_fg_d.state"
_fg_tries=0
until _fg_rung; do
_fg_pause 2
_fg_tries=$((_fg_tries + 1))
[ "$((_fg_tries % 15))" -ne 0 ] || _fg_lives "$_fg_keeper" || break
done
fi
[ -e "$_fg_d.state" ] || kill -KILL 0
while read -r _fg_x; do echo "$_fg_x"; done <"$_fg_d.state"
_fg_look || echo lost
}
`

/**
 * The spool of a command that has started is there, or somebody has removed it.
 * A task that was not started when Farglass last looked must not be started behind its back by a
 * session that is still on its way: a spool without a command shuts the door.
 */
function attach(isStarted: boolean): string {
  return `[ -n "$_fg_d" ] || _fg_leave gone
${isStarted ? '' : 'if _fg_make; then echo never >>"$_fg_d.state"; _fg_leave never; fi\n'}[ -e "$_fg_d.state" ] || _fg_leave gone
${session('_fg_bell >&6')}`
}

function start(script: DurableScript, command: string): string {
  const { name, merged, isFit } = script
  const secrets = prepareCommand(script)
  const hasSecrets = secrets !== ''
  const leader = leaderScript({ name, command, hasSecrets, runs: runCommand(script, name) })
  return `${keepFunction({ leader, merged, hasSecrets })}[ -n "$_fg_d" ] || _fg_leave cannot 1
${isFit ? '' : durableProbe}_fg_put '' || _fg_leave cannot 6
if _fg_make; then
[ -s "$_fg_d.state" ] || { rm -f "$_fg_d.state"; _fg_leave cannot 4; }
${isFit ? '' : tidy}${session('_fg_keep', secrets)}
elif [ ! -e "$_fg_d.state" ]; then _fg_leave cannot 1
else
${session('_fg_bell >&6')}
fi`
}

/**
 * Three subshells: what the server says and what the command does come as events into one pipe, which
 * `_fg_follow` reads. The session's own shell waits for the keeper, which may live long, so whoever sees
 * the end of the session ends the group. Secrets come into descriptor 5 of the keeper by a pipe.
 */
function session(keeps: string, secrets = ''): string {
  const [put, take] =
    secrets === ''
      ? ['', '']
      : [`_fg_put ${quoted(secrets + endOfSecrets)} 3<&- 4>&- | `, '5<&0 </dev/null ']
  return `${put}{
exec ${take}6>&1 >/dev/null
_fg_relay ${take === '' ? '' : '5<&- '}&
exec 3<&- 4>&-
${keeps}
} | _fg_follow
trap '' TERM
kill -TERM 0
exit 0`
}

/** Closes the spool to others, and removes what nobody has fetched for a week of tasks that have ended. */
const tidy = `chmod 700 "\${_fg_d%/*}"
_fg_y=
for _fg_x in "\${_fg_d%/*}"/*.state; do [ "$_fg_x" = "$_fg_d.state" ] || _fg_y=1; done
[ -z "$_fg_y" ] || ( for _fg_d in $(find "\${_fg_d%/*}" -name '*.state' -mtime +${limits.spoolAgeDays}); do
_fg_d=\${_fg_d%.state}
if _fg_look || [ -n "$_fg_never" ] || [ -z "$_fg_boot" ]; then _fg_remove ''; fi
done ) >/dev/null 3<&- 4>&- &
`
