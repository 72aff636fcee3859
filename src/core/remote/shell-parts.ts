/** Pieces of POSIX sh that the wrapper scripts share: carrying a command, and looking at a group. */
import { limits } from '../../shared/limits.ts'
import type { Secret } from '../../shared/secret.ts'

/**
 * Sets `_fg_c` to the command, and keeps it out of every argv. The text is data here: a syntax error
 * in it cannot break the wrapper, because only `eval` in the command's own subshell parses it.
 */
export function takeCommand(command: string): string {
  return `_fg_c=${quoted(command)}\n`
}

/** Prints a mark: `\x1e<nonce> <words>\n`. The words are a printf format without quotes. */
export function printMark(nonce: string, words: string): string {
  return String.raw`printf '\036${nonce} ${words}\n'`
}

/** Text as one word of sh. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

/**
 * Sets and exports the secrets. For the shell that becomes the command, and as its last act before
 * that: what is exported is in the environment of every program that is started from then on.
 */
export function exportSecrets(variables: ReadonlyMap<string, Secret> | undefined): string {
  const lines = [...(variables ?? [])].map(
    ([name, secret]) => `${name}=${quoted(secret.reveal())}\nexport ${name}\n`,
  )
  return lines.join('')
}

/**
 * `_fg_put TEXT` prints the text without starting a program, whose arguments everybody on the host
 * could see; it fails, and prints nothing, where the shell has no such builtin. Which it has shows where
 * no program can be found: to ask by `command -v` would take a process.
 */
export const putFunction = `_fg_put() {
_fg_p=$PATH
PATH=/dev/null
{ printf %s "$1" || print -nr -- "$1"; } 2>/dev/null
set -- "$?"
PATH=$_fg_p
return "$1"
}
`

/**
 * Runs the command in a subshell that knows nothing of the wrapper. It stays in the foreground:
 * an asynchronous child would start with INT and QUIT ignored. `set --` hides the one parameter
 * that `eval` needs; it is on the command's own first line, so line numbers in errors stay right.
 */
export const evalCommand = `trap - TERM INT HUP QUIT USR1 USR2
set -- "$_fg_c"
unset _fg_c _fg_w _fg_s _fg_b
unset -f _fg_list _fg_members _fg_pause _fg_end _fg_held _fg_field
eval "set --;$1"`

/**
 * `_fg_list` prints "pgid pid ppid state" of every process. `ps` is missing in slim images, and a
 * small BusyBox `ps` knows no `-o`: then /proc tells the same.
 *
 * `_fg_members GROUP [SELF [OTHER]]` sets `_fg_m` to the live members of the group. Zombies do not
 * count: a container without a reaping init keeps them for ever. SELF, what SELF has started for
 * the listing, OTHER and its children are left out. A listing without its last word was cut short by
 * a signal to the group, and is made again: what it does not show is not gone.
 *
 * `_fg_pause TENTHS` sleeps 0.1 to 0.9 s, or 1 s where sleep knows no fractions.
 */
export const groupFunctions = `_fg_list() {
_fg_y=$(exec ps -A -o pgid= -o pid= -o ppid= -o stat= </dev/null) && { echo "$_fg_y"; return; }
for _fg_f in /proc/[0-9]*/stat; do
read -r _fg_l <"$_fg_f" || continue
_fg_f=\${_fg_f#/proc/}
set -- \${_fg_l##*) }
echo "$3 \${_fg_f%/stat} $2 $1"
done
}
_fg_members() {
_fg_m= _fg_k=- _fg_i=0
while :; do
_fg_y=$(_fg_list; echo end)
case $_fg_y in *end) break ;; esac
_fg_pause 1
done
for _fg_x in \${_fg_y%end}; do
case $_fg_i in
0) _fg_g=$_fg_x _fg_i=1 ;;
1) _fg_p=$_fg_x _fg_i=2 ;;
2) _fg_q=$_fg_x _fg_i=3 ;;
3) _fg_i=0
[ "$_fg_g" = "$1" ] || continue
case $_fg_x in Z*) continue ;; esac
[ "$_fg_p" != "\${2--}" ] && [ "$_fg_p" != "\${3--}" ] || continue
[ "$_fg_q" != "\${2--}" ] || { _fg_k=$_fg_p; continue; }
[ "$_fg_q" != "\${3--}" ] || continue
[ "$_fg_q" = "$_fg_k" ] || _fg_m="$_fg_m $_fg_p" ;;
esac
done
}
_fg_pause() { sleep "0.$1" || sleep 1; }
`

/**
 * `_fg_end` ends the group of the wrapper from inside, run by the watchdog, which is a member too:
 * TERM, 3 s, KILL. It does not look who is left: on a host with many processes that costs more than
 * all else in the wrapper, and nearly always it is nobody.
 */
export const endOwnGroup: string = `_fg_end() {
kill -TERM 0
kill -CONT 0
sleep ${limits.abandonedGraceMs / 1_000}
kill -KILL 0
}
`

/**
 * Sets `_fg_s` to when this shell was started, in ticks since the boot (field 22 of /proc/PID/stat),
 * or to 0: a number of a process that was given anew has another one.
 */
export const ownStart = `_fg_field() { _fg_s=\${20:-0}; }
read -r _fg_s <"/proc/$$/stat"
_fg_field \${_fg_s##*) }`

/**
 * Sets `_fg_b` to the end of the boot's name as a number, or to 0 where it has none: what was started in
 * another boot is gone, whatever has its number now. Seven digits: mksh counts with 32 bits, and a
 * number below zero is no word of a mark.
 */
export const bootNumber = `_fg_b=
read -r _fg_b </proc/sys/kernel/random/boot_id
case $_fg_b in *-????????????) _fg_b=$((0x\${_fg_b#"\${_fg_b%???????}"})) ;; *) _fg_b=0 ;; esac`
