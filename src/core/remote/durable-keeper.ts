/** What stays on the host of a durable run when the session is gone: a supervisor and the command's leader. */
import { limits } from '../../shared/limits.ts'
import { helpBuffering } from './help-buffering.ts'
import { ownStart, takeCommand } from './shell-parts.ts'

/**
 * The supervisor: a session of its own, so that it outlives a KILL of the command and its exit code
 * is never lost. It catches signals instead of ignoring them: what is ignored here could not be
 * taken back by the command. Read by `sh -s` from a file, hence one compound command. The command
 * may have filled the disk: `rc.tmp` and `bell` have their room from the start, so the code is
 * written over what is there, and counts up to the first newline. Behind it stands `full` when that
 * has happened.
 */
export function supervisorScript({ merged, spoolBytesMax, hasSecrets }: Supervision): string {
  return `{ trap : TERM INT HUP QUIT USR1 USR2
_fg_d=$1
echo "$$" >"$_fg_d/sup"
${guard(spoolBytesMax)}
setsid sh -s "$_fg_d" <"$_fg_d/lead" >>"$_fg_d/out" ${merged ? '2>&1' : '2>>"$_fg_d/err"'}${hasSecrets ? ' 5<&5' : ''}
_fg_r=$?
${tryRoom}
echo "$_fg_r" 1<>"$_fg_d/rc.tmp" && mv "$_fg_d/rc.tmp" "$_fg_d/rc"
[ ! -d "$_fg_d" ] || echo >>"$_fg_d/bell"
exit
}
`
}

/** 64 KiB, written without starting a program. What of the command's output found no room is lost. */
const tryRoom = `_fg_x=0123456789abcdef
for _fg_y in 1 2 3 4 5 6 7 8 9 10 11 12; do _fg_x=$_fg_x$_fg_x; done
if [ -d "$_fg_d" ]; then
echo "$_fg_x" 2>/dev/null >"$_fg_d/room" || _fg_r="$_fg_r full"
: >"$_fg_d/room"
fi`

export interface Supervision {
  /** Sends the command's stderr where its stdout goes. */
  readonly merged: boolean
  /** Output that may wait on the host to be fetched. */
  readonly spoolBytesMax: number
  /** The leader reads secrets from descriptor 5. */
  readonly hasSecrets: boolean
}

/**
 * Holds the command back as a full pipe would: over the limit of output that nobody has fetched its
 * group gets STOP, and CONT once half of that is gone. \`kept\` says what was fetched for good. It
 * lives no longer than the supervisor.
 */
function guard(spoolBytesMax: number): string {
  return `( exec >/dev/null 2>&1 </dev/null 6>&-
_fg_n=
while sleep ${limits.spoolCheckMs / 1_000}; kill -0 "$$" && [ -d "$_fg_d" ] && [ ! -e "$_fg_d/rc" ]; do
read -r _fg_x <"/proc/$$/stat" && case \${_fg_x##*) } in Z*) exit ;; esac
read -r _fg_o _fg_e <"$_fg_d/kept" || _fg_o=0 _fg_e=0
set -- $(exec ls -ln "$_fg_d/out")
_fg_o=$((\${5:-0} - _fg_o))
set -- $(exec ls -ln "$_fg_d/err")
_fg_o=$((_fg_o + \${5:-0} - _fg_e))
read -r _fg_g _fg_x <"$_fg_d/pgid" || continue
if [ "$_fg_o" -gt ${spoolBytesMax} ]; then kill -STOP "-$_fg_g"; _fg_n=1; : >"$_fg_d/held"
elif [ -n "$_fg_n" ] && [ "$_fg_o" -le ${Math.floor(spoolBytesMax / 2)} ]; then kill -CONT "-$_fg_g"; _fg_n=
fi
done ) &`
}

/**
 * The leader of the command's group, again in a session of its own. `pgid` holds its number and the
 * time of its start, see `ownStart`. It is written just before the command begins, which does not
 * when there is no place for it any more; a line on descriptor 6 says that it is there, whether or not
 * anybody is left to read it. Secrets that did not come to their end let nothing begin.
 */
export function leaderScript({ name, command, hasSecrets, runs }: Leader): string {
  return `{ ${takeCommand(command)}_fg_d=$1
exec 3>&2 2>/dev/null
${ownStart}
FARGLASS_TASK=${name}
export FARGLASS_TASK
${helpBuffering}
${hasSecrets ? takeSecrets : ''}exec </dev/null
echo "$$ \${_fg_s:-0}" >"$_fg_d/pgid" && [ -s "$_fg_d/pgid" ] || exit 255
trap '' PIPE
echo >&6
trap - PIPE
exec 2>&3 3>&- 6>&-
unset _fg_d
${hasSecrets ? 'eval "$_fg_t"\nunset _fg_t\n' : ''}${runs}
exit
}
`
}

export interface Leader {
  /** Of the task. */
  readonly name: string
  readonly command: string
  /** They come on descriptor 5. */
  readonly hasSecrets: boolean
  /** Becomes the command `_fg_c`, in the words of sh. */
  readonly runs: string
}

/** Last line of the secrets that the leader reads. */
export const endOfSecrets = ': end'

const takeSecrets = `_fg_t=$(cat <&5)
exec 5<&-
case $_fg_t in *'${endOfSecrets}') ;; *) exit 255 ;; esac
`
