/** What stays on the host of a durable run when the session is gone: a keeper and the command's leader. */
import { helpBuffering } from './help-buffering.ts'
import { ownStart, quoted, takeCommand } from './shell-parts.ts'

/**
 * `_fg_keep` is the keeper, a subshell of the session that starts the command: it waits for the command
 * and writes down how it ended, so that a KILL of the command's group never loses the exit code. It
 * catches signals instead of ignoring them: what is ignored here could not be taken back by the command.
 * Nor may it be an asynchronous list, which has INT and QUIT ignored. What it writes into the state it
 * says on descriptor 6 as well, whether or not anybody is left to read it. The leader reads secrets, if
 * there are any, from descriptor 5.
 *
 * The leader is a shell of its own that reads its text from its stdin, in a session of its own. Where a
 * shell makes a file of a here-document, a pipe takes its place.
 */
export function keepFunction({ leader, merged, hasSecrets }: Keeping): string {
  const outputs = `>>"$_fg_d.out" ${merged ? '2>&1' : '2>>"$_fg_d.err"'}`
  const lead = `setsid sh -s "$_fg_d" ${outputs} 6>&6${hasSecrets ? ' 5<&5' : ''}`
  return `_fg_keep() {
trap : TERM INT HUP QUIT USR1 USR2
_fg_t=${quoted(leader)}
case \${BASH_VERSION-}\${KSH_VERSION-}\${ZSH_VERSION-} in
'') ${lead} <<EOF
$_fg_t
EOF
;;
*) _fg_put "$_fg_t" | ${lead} ;;
esac
_fg_r=$? _fg_z=fits
if [ -e "$_fg_d.state" ]; then
echo "ended $_fg_r" >>"$_fg_d.state"
${tryRoom}
fi
trap '' PIPE
echo "ended $_fg_r $_fg_z" >&6
}
`
}

export interface Keeping {
  readonly leader: string
  /** Sends the command's stderr where its stdout goes. */
  readonly merged: boolean
  /** The leader reads secrets from descriptor 5. */
  readonly hasSecrets: boolean
}

/**
 * 16 KiB, written behind the last line without starting a program. What of the command's output found no
 * room is lost; what is written over the first line needs none.
 */
const tryRoom = `_fg_x=0123456789abcdef
for _fg_y in 1 2 3 4 5 6 7 8 9 10; do _fg_x=$_fg_x$_fg_x; done
echo "$_fg_x" >>"$_fg_d.state" || { _fg_z=full; echo full 1<>"$_fg_d.state"; }`

/**
 * The leader of the command's group. It writes down that it is there just before the command begins,
 * which does not when there is no place for it any more, and says so on descriptor 6. Secrets that did not
 * come to their end let nothing begin.
 */
export function leaderScript({ name, command, hasSecrets, runs }: Leader): string {
  return `{ ${takeCommand(command)}_fg_d=$1
exec 3>&2 2>/dev/null
${ownStart}
FARGLASS_TASK=${name}
export FARGLASS_TASK
${helpBuffering}
${hasSecrets ? takeSecrets : ''}exec </dev/null
_fg_b="group $$ \${_fg_s:-0} $PPID"
echo "$_fg_b" >>"$_fg_d.state"
_fg_w=
while read -r _fg_x; do _fg_w=$_fg_x; done <"$_fg_d.state"
[ "$_fg_w" = "$_fg_b" ] || exit 255
trap '' PIPE
echo "$_fg_b" >&6
trap - PIPE
exec 2>&3 3>&- 6>&-
unset _fg_d _fg_x
${hasSecrets ? 'eval "$_fg_t"\nunset _fg_t\n' : ''}${runs}
exit
}`
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
