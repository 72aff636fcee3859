/** The wrapper of a terminal run: the command owns the terminal, marks come in its stream. */
import { bootNumber, endOwnGroup, ownStart, printMark, takeCommand } from './shell-parts.ts'
import { type Becoming, prepareCommand, runCommand } from './sudo-command.ts'

export interface PtyScript extends Becoming {
  readonly command: string
  /** Names the task, `[a-z0-9.]`. */
  readonly name: string
  /** Unguessable, `[a-z0-9]`. */
  readonly nonce: string
}

/**
 * POSIX sh for a `sh` whose terminal is raw and does not echo while it reads this. Same marks as
 * the plain wrapper, but in the terminal's stream. `-onlcr`: what a program writes arrives byte for
 * byte. When the connection ends, the kernel sends HUP to the leader, which must therefore not catch
 * it; its death, also the normal one, sends HUP to the command's group and wakes the watchdog.
 */
export function ptyScript({ command, name, nonce, ...becoming }: PtyScript): string {
  return `{ ${takeCommand(command)}${forgetReader}[ -t 1 ] || exec >/dev/tty
stty sane -onlcr rows ${rows} cols ${columns} </dev/tty 2>/dev/null
exec 4>&1 2>/dev/null
TERM=xterm-256color
export TERM
${endOwnGroup}trap : TERM INT QUIT USR1 USR2
_fg_w=$( ${watchdog} & echo $! )
${ownStart}
${bootNumber}
${printMark(nonce, 'pid %s %s %s %s')} "$$" "$_fg_w" "$_fg_s" "$_fg_b" >&4
(
${prepareCommand(becoming)}${runCommand(becoming, name)}
) </dev/tty >&4 2>&4 4>&-
_fg_r=$?
${printMark(nonce, 'exit %s')} "$_fg_r" >&4
exit "$_fg_r"
}
`
}

/** Variables that the reader of this script may have used: one of them would hold the nonce. */
const forgetReader = 'unset n s\n'

/** Wide enough for tables and progress bars of everyday programs. */
const columns = 160
const rows = 50

/**
 * Waits for HUP, then ends the group. HUP may go past it when the command has put another group in
 * the foreground, so every 5 s it also looks whether the leader lives.
 */
const watchdog = `( exec </dev/null >/dev/null 4>&-
trap '_fg_h=1' HUP
trap '' TERM INT QUIT USR1 USR2 PIPE
_fg_h=
while [ -z "$_fg_h" ] && kill -0 "$$"; do
sleep 5 &
wait "$!"
kill -KILL "$!"
done
_fg_end )`
