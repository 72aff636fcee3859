/** The wrapper of a plain run: reports start and exit out of band and dies with its connection. */
import { helpBuffering } from './help-buffering.ts'
import {
  aloneFunction,
  bootNumber,
  endOwnGroup,
  groupFunctions,
  ownStart,
  printMark,
  takeCommand,
} from './shell-parts.ts'
import { type Becoming, prepareCommand, runCommand } from './sudo-command.ts'

export interface PlainScript extends Becoming {
  readonly command: string
  /** Names the task, `[a-z0-9.]`. */
  readonly name: string
  /** Unguessable, `[a-z0-9]`. */
  readonly nonce: string
  /** Sends the command's stderr where its stdout goes. */
  readonly merged: boolean
}

/**
 * POSIX sh for the stdin of a constant `sh -s`. One compound command, because dash and BusyBox read
 * their stdin in blocks: what follows it would be swallowed. The stdin must stay open afterwards;
 * its end means that the connection is gone.
 *
 * Marks on stderr: `pid LEADER WATCHDOG START BOOT` (as `ownStart` and
 * `bootNumber` say) before the command starts, `exit CODE` when its shell has
 * ended. Mark on stdout: `begin`; what stood before it there is not of the command, but of the login
 * shell. Output may follow the exit from what the command left in the background; the script stays
 * until no process of the group holds the output, so that a lost connection still ends them.
 */
export function plainScript({ command, name, nonce, merged, ...becoming }: PlainScript): string {
  return `{ ${takeCommand(command, nonce)}exec 3<&0 4>&2 2>/dev/null
${groupFunctions}${aloneFunction}${endOwnGroup}${outputHeld}trap : TERM INT HUP QUIT USR1 USR2
_fg_w=$( ${watchdog} & echo $! )
${ownStart}
${bootNumber}
${printMark(nonce, 'pid %s %s %s %s')} "$$" "$_fg_w" "$_fg_s" "$_fg_b" >&4
${printMark(nonce, 'begin')}
(
${helpBuffering}
${prepareCommand(becoming)}${runCommand(becoming, name)}
) </dev/null ${merged ? '2>&1' : '2>&4'} 3<&- 4>&-
_fg_r=$?
${printMark(nonce, 'exit %s')} "$_fg_r" >&4
_fg_m=
_fg_alone || _fg_members "$$" "$$" "$_fg_w"
if [ -z "$_fg_m" ]; then kill -KILL "$_fg_w"; exit "$_fg_r"; fi
${waitForOutput}
exit "$_fg_r"
}
`
}

/**
 * Reads stdin to its end, then ends the group. A grandchild (started inside a command substitution),
 * so that the command's \`jobs\` and \`wait\` do not know it. \`read\` is a builtin: no further process.
 * It holds neither output, so that these can end without it: let go by `exec`, as mksh keeps a copy of
 * what is redirected for a subshell, and the substitution would wait for that.
 */
const watchdog = `( exec </dev/null >/dev/null 4>&-
trap '' TERM INT HUP QUIT USR1 USR2 PIPE
while read -r _fg_x; do :; done <&3
_fg_end )`

/**
 * \`_fg_held\` succeeds while a process of \`_fg_m\` holds one of the two outputs. Where that cannot be
 * seen (no /proc, or a process of another user) it is taken for granted.
 */
const outputHeld = `_fg_held() {
for _fg_p in $_fg_m; do
[ -d "/proc/$$/fd" ] || return 0
_fg_l=$(ls -l "/proc/$_fg_p/fd") || { [ ! -d "/proc/$_fg_p" ] || return 0; continue; }
case $_fg_l in *"-> $_fg_o"*|*"-> $_fg_e"*) return 0 ;; esac
done
return 1
}
`

/**
 * Stays while something of the group holds an output that the leader itself has let go. The rest of
 * the group, if any, is ended by the watchdog, whose stdin ends with the leader.
 */
const waitForOutput = `_fg_o=$(ls -l "/proc/$$/fd/1") _fg_e=$(ls -l "/proc/$$/fd/4")
_fg_o=\${_fg_o##*-> } _fg_e=\${_fg_e##*-> }
exec >/dev/null 4>&-
_fg_t=1
while _fg_held; do
_fg_pause "$_fg_t"
[ "$_fg_t" -ge 9 ] || _fg_t=$((_fg_t + 1))
_fg_members "$$" "$$" "$_fg_w"
done`
