/** Runs a command by sudo: its password, its secrets and its text come on stdin, and its argv is constant. */
import { limits } from '../../shared/limits.ts'
import type { Secret } from '../../shared/secret.ts'
import { helpBuffering } from './help-buffering.ts'
import { evalCommand, exportSecrets, putFunction, quoted } from './shell-parts.ts'

export interface SudoUse {
  /** Null where sudo asks for none. */
  readonly password: Secret | null
}

/** How a shell becomes the command of a task. */
export interface Becoming {
  readonly variables?: ReadonlyMap<string, Secret>
  readonly sudo?: SudoUse
}

/** Sets what `runCommand` needs, in the shell that runs it: for the last moment before that. */
export function prepareCommand({ variables, sudo }: Becoming): string {
  const exports = exportSecrets(variables)
  if (sudo === undefined) return exports
  const line = sudo.password === null ? '' : `${sudo.password.reveal()}\n`
  return `_fg_q=${quoted(line)}\n_fg_v=${quoted(`${helpBuffering}\n${exports}`)}\n`
}

/**
 * Runs `_fg_c`. What stands before the first line with the name is for sudo alone, whether it wants it
 * or not: the shell of root skips what is left of it. `sudo -S` reads no further than the end of its line.
 * The shell ends with the status of the command.
 *
 * Beside it sleeps a process that ends when somebody sends TERM to the group, who cannot reach what root
 * runs. The shell itself is no proof of that: mksh takes a TERM only once the program that it waits for has ended.
 */
export function runCommand({ sudo }: Becoming, name: string): string {
  if (sudo === undefined) return evalCommand
  const begin = `begin ${name}`
  const how = sudo.password === null ? '-n' : "-S -p ''"
  return `trap - TERM INT HUP QUIT USR1 USR2
${putFunction}_fg_p=$(exec sh -c 'echo $PPID')
sleep 2147483647 </dev/null >/dev/null 2>&1 &
_fg_j=$!
_fg_put "\${_fg_q}${begin}
$_fg_p $_fg_j
$_fg_v
${begin}
$_fg_c" | sudo ${how} -- sh -c ${quoted(asRoot(begin))}
_fg_r=$?
exec 2>/dev/null
kill -KILL "$_fg_j"
wait "$_fg_j"
exit "$_fg_r"`
}

/**
 * The shell of root. The user's own signals do not reach it, so a watchdog ends it when the shell that
 * has started it or the process beside that is gone: these get them. It has no secret in its environment.
 */
function asRoot(begin: string): string {
  return `while read -r _fg_x && [ "$_fg_x" != "${begin}" ]; do :; done
[ "$_fg_x" = "${begin}" ] || exit 255
read -r _fg_p _fg_j
_fg_x=$(cat)
if [ -t 1 ]; then exec </dev/tty; else exec </dev/null; fi
_fg_c=\${_fg_x#*"
${begin}
"}
_fg_x=\${_fg_x%%"
${begin}
"*}
trap : TERM INT HUP QUIT
( exec >/dev/null 2>&1
trap "" TERM INT HUP QUIT
_fg_l() { kill -0 "$$" && { sleep 0.3 || sleep 1; }; }
while kill -0 "$_fg_p" && kill -0 "$_fg_j"; do _fg_l || exit; done
kill -TERM 0
kill -CONT 0
_fg_n=0
while [ "$_fg_n" -lt ${Math.ceil(limits.stopGraceMs / 300)} ] && _fg_l; do _fg_n=$((_fg_n + 1)); done
kill -KILL 0 ) &
_fg_w=$!
( eval "$_fg_x"
set -- "$_fg_c"
unset _fg_c _fg_x _fg_p _fg_j _fg_w
trap - TERM INT HUP QUIT
eval "set --;$1" )
_fg_r=$?
kill -KILL "$_fg_w"
exit "$_fg_r"`
}
