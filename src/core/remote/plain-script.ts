/** The wrapper of a plain run: reports start and exit out of band and dies with its connection. */
import { helpBuffering } from './help-buffering.ts'
import {
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
 * their stdin in blocks: what follows it would be swallowed. The stdin must stay open until both
 * outputs have ended; its end before that means that the connection is gone.
 *
 * Marks on stderr: `pid LEADER WATCHDOG START BOOT` (as `ownStart` and
 * `bootNumber` say) before the command starts, `exit CODE` when its shell has
 * ended. Mark on stdout: `begin`; what stood before it there is not of the command, but of the login
 * shell. Output may follow the exit from what the command left in the background; the script stays
 * until nobody holds the output, so that a lost connection still ends them.
 */
export function plainScript({ command, name, nonce, merged, ...becoming }: PlainScript): string {
  return `{ ${takeCommand(command)}exec 3<&0 4>&2 2>/dev/null
${groupFunctions}${endOwnGroup}${outputHeld}trap : TERM INT HUP QUIT USR1 USR2
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
${waitForOutput}
exit "$_fg_r"
}
`
}

/**
 * Reads stdin to its end, then ends the group: that is when the connection is lost, and after the
 * leader has ended. A grandchild (started inside a command substitution), so that the command's
 * `jobs` and `wait` do not know it. `read` is a builtin: no further process. It holds neither output,
 * so that these can end without it: let go by `exec`, as mksh keeps a copy of what is redirected for a
 * subshell, and the substitution would wait for that.
 */
const watchdog = `( exec </dev/null >/dev/null 4>&-
trap '' TERM INT HUP QUIT USR1 USR2 PIPE
while read -r _fg_x; do :; done <&3
_fg_end )`

/**
 * `_fg_held` succeeds while a process of `_fg_m` holds one of the two outputs. Where that cannot be
 * seen (no /proc, or a process of another user) it is taken for granted.
 */
const outputHeld = `_fg_held() {
for _fg_p in $_fg_m; do
[ -d "$_fg_f" ] || return 0
_fg_l=$(ls -l "/proc/$_fg_p/fd") || { [ ! -d "/proc/$_fg_p" ] || return 0; continue; }
case $_fg_l in *"-> $_fg_o"*|*"-> $_fg_e"*) return 0 ;; esac
done
return 1
}
`

/**
 * Stays while anything holds an output, once the leader itself has let go of both. sshd tells us when
 * nothing does, and we end the stdin then: no process has to be looked for. That cannot work where
 * the leader holds an output by yet another descriptor: mksh keeps a copy, and some builds of sshd
 * give one socket as stdin and stdout. There, and without /proc, it looks whether anything of the
 * group holds one.
 */
const waitForOutput = `trap 'exit "$_fg_r"' TERM
trap '' INT HUP QUIT USR1 USR2
_fg_f=/proc/$$/fd _fg_x=
[ -e "$_fg_f/4" ] || _fg_x=1
for _fg_p in "$_fg_f"/*; do
case $_fg_p in */1|*/4) ;; *) if [ "$_fg_p" -ef "$_fg_f/1" ] || [ "$_fg_p" -ef "$_fg_f/4" ]; then _fg_x=1; fi ;; esac
done
if [ -z "$_fg_x" ]; then
exec >/dev/null 4>&-
while read -r _fg_x; do :; done <&3
else
_fg_o=$(ls -l "$_fg_f/1") _fg_e=$(ls -l "$_fg_f/4")
_fg_o=\${_fg_o##*-> } _fg_e=\${_fg_e##*-> }
exec >/dev/null 4>&-
_fg_t=0
while _fg_members "$$" "$$" "$_fg_w"; _fg_held; do
[ "$_fg_t" -ge 9 ] || _fg_t=$((_fg_t + 1))
_fg_pause "$_fg_t"
done
fi`
