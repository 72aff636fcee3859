/** The script of a durable run: starts the command at most once, or finds it, and sends its output from any byte on. */
import { limits } from '../../shared/limits.ts'
import { tailBytesMax } from '../files/file-position.ts'
import { endOfSecrets, leaderScript, supervisorScript } from './durable-keeper.ts'
import { stdbufLibrary } from './help-buffering.ts'
import { groupFunctions, putFunction, quoted } from './shell-parts.ts'
import { type Becoming, prepareCommand, runCommand } from './sudo-command.ts'

export interface DurableScript extends Becoming {
  /** Names the run directory, `[a-z0-9.]`. */
  readonly name: string
  /** Unguessable, `[a-z0-9]`. */
  readonly nonce: string
  /** Null: it must not be started now. */
  readonly command: string | null
  /** It is known to have started. */
  readonly isStarted: boolean
  readonly merged: boolean
  /** Bytes of stdout and stderr that are known already. */
  readonly outBytes: number
  readonly errBytes: number
  /** The last of them, as far as they were kept: the files must still have them. */
  readonly outEnd?: FileEnd
  readonly errEnd?: FileEnd
  /** Output that may wait on the host; else `limits.spoolBytesMax`. */
  readonly spoolBytesMax?: number
}

/** So many bytes before the next one, and what `cksum` tells of them. */
export interface FileEnd {
  readonly bytes: number
  readonly sum: number
}

/**
 * POSIX sh for the stdin of a constant `sh -s`, one compound command as plainScript says. What the
 * command writes to its two files comes on the session's two outputs, each from its byte on; marks
 * come on stderr between them:
 *
 * - `cannot REASON`: this host cannot hold a durable run, see `cannotReasons`; nothing was started;
 * - `never`: it was not started before, and never will be; `gone`: its run directory is missing;
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
 *   knows how it ended. The reader has everything once it has as many bytes.
 *
 * The session stays until its stdin ends. The line `kept OUT ERR` there says that so many bytes of
 * the two files are stored: their space on the disk is given back where the host can punch holes
 * (fallocate of util-linux), but for the last 256 of them, which are compared when it is read on.
 * The line `done`, or `done shut` (see `_fg_remove`), removes the run directory: then `removed 1`.
 */
export function durableScript(script: DurableScript): string {
  const { name, nonce, command } = script
  return `{ exec 3<&0 4>&2 2>/dev/null </dev/null
${groupFunctions}${durableFunctions}_fg_say() { printf '\\036${nonce} %s\\n' "$*" >&4; }
_fg_leave() { _fg_say "$@"; exit 0; }
${durableDirectory(name)}
${followFunctions}${follow(script)}
${command === null ? attach(script.isStarted) : start(script, command)}
while read -r _fg_x _fg_o _fg_e; do
case $_fg_x in
done) _fg_remove "$_fg_o"; [ -e "$_fg_d/out" ] || _fg_say removed 1; break ;;
kept) echo "$_fg_o $_fg_e" >"$_fg_d/kept.tmp" && mv "$_fg_d/kept.tmp" "$_fg_d/kept"
[ "$_fg_o" -le ${tailBytesMax} ] || fallocate -p -o 0 -l "$((_fg_o - ${tailBytesMax}))" "$_fg_d/out"
[ "$_fg_e" -le ${tailBytesMax} ] || fallocate -p -o 0 -l "$((_fg_e - ${tailBytesMax}))" "$_fg_d/err" ;;
esac
done <&3
${command === null ? '' : waitForStart}trap '' TERM
kill -TERM 0
exit 0
}
`
}

/** A session that is cut at once must not take along what is not yet in a session of its own. */
const waitForStart = '_fg_started\n'

/** What the number of a `cannot` mark means. */
export const cannotReasons: Readonly<Record<number, string>> = {
  1: 'its user has no directory to keep the output in',
  2: 'it has no setsid program',
  3: 'it has neither a ps program that lists all processes nor /proc',
  4: 'there is too little free space for the output',
  5: 'it ends the processes of a user who logs out (KillUserProcesses)',
  6: 'its sh has no printf of its own, with which a command could be handed on unseen',
}

/** Sets `_fg_d` to the run directory of a task, or to nothing where there is no place for one. */
export function durableDirectory(name: string): string {
  return `_fg_h=\${XDG_STATE_HOME:-\${HOME:+$HOME/.local/state}}
_fg_d=\${_fg_h:+$_fg_h/farglass/runs/${name}}`
}

/**
 * `_fg_make` makes the run directory and fails when it is there already: it is the lock.
 * `_fg_sizes` sets `_fg_os` and `_fg_es`. `ls` and not `wc`, which reads all of it on BusyBox.
 * `_fg_boot_id` sets `_fg_x`, `_fg_same_boot` tells whether the command was started in this boot.
 * `_fg_remove` removes it; with the word `shut` the directory stays without a command in it, so that
 * no start that is still on its way can begin the command again. The age sweep takes it later.
 * `_fg_alive` tells whether the supervisor lives.
 * `_fg_started` waits for `pgid`, which is there once the command is about to run, for 10 s and for
 * as long as the supervisor lives; it sets `_fg_group` and `_fg_since`. Pauses of 20 ms where sleep
 * can.
 */
export const durableFunctions: string = `_fg_make() (
umask 077
[ -d "\${_fg_d%/*}" ] || mkdir -p "\${_fg_d%/*}"
mkdir "$_fg_d"
)
_fg_sizes() {
_fg_os=0 _fg_es=0
while read -r _fg_x _fg_x _fg_x _fg_x _fg_z _fg_x; do
case $_fg_x in *out) _fg_os=$_fg_z ;; *err) _fg_es=$_fg_z ;; esac
done <<EOF
$(cd "$_fg_d" && exec ls -ln out err)
EOF
}
_fg_boot_id() { _fg_x=; read -r _fg_x </proc/sys/kernel/random/boot_id; }
_fg_same_boot() {
_fg_y=
read -r _fg_y <"$_fg_d/boot"
_fg_boot_id
[ "$_fg_x" = "$_fg_y" ]
}
_fg_remove() {
if [ "$1" != shut ]; then rm -rf "$_fg_d"; return; fi
: >"$_fg_d/never"
for _fg_x in "$_fg_d"/*; do case $_fg_x in */never) ;; *) rm -f "$_fg_x" ;; esac; done
}
_fg_alive() {
read -r _fg_n <"$_fg_d/sup" || return
_fg_members "$_fg_n"
case "$_fg_m " in *" $_fg_n "*) ;; *) return 1 ;; esac
}
_fg_started() {
_fg_tries=0
until [ -s "$_fg_d/pgid" ]; do
if [ "$_fg_tries" -ge ${limits.startAnswerMs} ]; then
[ ! -e "$_fg_d/rc" ] && _fg_alive || return
_fg_pause 9
elif [ ! -d "$_fg_d" ] || [ -e "$_fg_d/never" ]; then return 1
elif sleep 0.02; then _fg_tries=$((_fg_tries + 20))
else sleep 1; _fg_tries=$((_fg_tries + 1000))
fi
done
read -r _fg_group _fg_since <"$_fg_d/pgid"
}
`

/**
 * The directory of a command that has started is there, or somebody has removed it.
 * A task that was not started when Farglass last looked must not be started behind its back by a
 * session that is still on its way: the directory without a command in it shuts the door.
 */
function attach(isStarted: boolean): string {
  return `[ -n "$_fg_d" ] || _fg_leave gone
${isStarted ? '' : 'if _fg_make; then : >"$_fg_d/never"; _fg_leave never; fi'}
[ -d "$_fg_d" ] || _fg_leave gone
[ ! -e "$_fg_d/never" ] || _fg_leave never
${again}`
}

function start(script: DurableScript, command: string): string {
  const { name, merged, spoolBytesMax = limits.spoolBytesMax } = script
  const secrets = prepareCommand(script)
  const hasSecrets = secrets !== ''
  const leader = leaderScript({ name, command, hasSecrets, runs: runCommand(script, name) })
  return `[ -n "$_fg_d" ] || _fg_leave cannot 1
${durableProbe}
${putFunction}_fg_put '' || _fg_leave cannot 6
if _fg_make; then
( umask 077
cd "$_fg_d" || exit
_fg_put ${quoted(leader)} >lead &&
_fg_put ${quoted(supervisorScript({ merged, spoolBytesMax, hasSecrets }))} >keep &&
: >out && : >err && printf . >bell && echo 255 >rc.tmp
_fg_boot_id
echo "$_fg_x" >boot
[ -s lead ] && [ -s keep ] && [ -s rc.tmp ] ) || { rm -rf "$_fg_d"; _fg_leave cannot 4; }
${hasSecrets ? keepSecrets(secrets) : keep} | { exec 5<&0; _fg_follow <&5 3<&- & }
elif [ ! -d "$_fg_d" ]; then _fg_leave cannot 1
elif [ -e "$_fg_d/never" ]; then _fg_leave never
else
${again}
fi
${sweep}`
}

/**
 * Whatever starts the command holds our end of a pipe: a line comes when the command is about to
 * begin, the end of the pipe when it is over, and nobody has to look for either again and again.
 */
const keep = `{ setsid -f sh -s "$_fg_d" 6>&1 <"$_fg_d/keep" >/dev/null 3<&- 4>&- ||
{ setsid sh -s "$_fg_d" 6>&1 <"$_fg_d/keep" >/dev/null 3<&- 4>&- & }
}`

/** The same for a command that another session has started: its bell, and looking for it now and then. */
const again = '{ echo; _fg_bell; } 3<&- 4>&- | _fg_follow 3<&- &'

/** The leader reads them from a pipe: they are in no file, and in no environment but the command's. */
function keepSecrets(secrets: string): string {
  const inherited = keep.replaceAll('3<&-', '3<&- 5<&5')
  return `_fg_put ${quoted(secrets + endOfSecrets)} 3<&- 4>&- | {
${inherited}
} 5<&0`
}

/** Leaves with `cannot REASON` where a durable run is not possible. Free space counts in KiB. Root's processes are spared by default, so its login tells nothing. */
export const durableProbe: string = `command -v setsid >/dev/null || _fg_leave cannot 2
[ -r "/proc/$$/stat" ] || ps -A -o pgid= >/dev/null || _fg_leave cannot 3
[ ! -d /run/systemd/system ] || case $(id -u) in 0) ;; *)
case $(busctl get-property org.freedesktop.login1 /org/freedesktop/login1 org.freedesktop.login1.Manager KillUserProcesses) in *true*) _fg_leave cannot 5 ;; esac ;; esac
_fg_x=$_fg_h
while [ ! -d "$_fg_x" ]; do _fg_x=\${_fg_x%/*}; [ -n "$_fg_x" ] || _fg_x=/; done
[ -w "$_fg_x" ] || _fg_leave cannot 1
_fg_z=$(exec df -Pk "$_fg_x")
_fg_free() { _fg_z=\${4-}; }
_fg_free \${_fg_z#*
}
case $_fg_z in ''|*[!0-9]*) ;; *) [ "$_fg_z" -ge ${limits.spoolFreeBytesMin / 1024} ] || _fg_leave cannot 4 ;; esac`

/** Run directories of ended tasks that nobody has fetched, if there are any: their age is that of their last file. */
const sweep = `_fg_y=
for _fg_x in "\${_fg_d%/*}"/*; do
case $_fg_x in "$_fg_d") ;; *) if [ -e "$_fg_x/rc" ] || [ -e "$_fg_x/never" ]; then _fg_y=1; fi ;; esac
done
[ -z "$_fg_y" ] || { ( for _fg_x in $(find "\${_fg_d%/*}" -mindepth 1 -maxdepth 1 -type d -mtime +${limits.spoolAgeDays}); do
if [ -e "$_fg_x/rc" ] || [ -e "$_fg_x/never" ]; then rm -rf "$_fg_x"; fi
done ) >/dev/null 3<&- 4>&- & }`

/**
 * With GNU tail the kernel wakes each reader; elsewhere they look five times a second. A supervisor
 * that was killed, or whose disk is full, rings no bell: it is looked for now and then, as is the
 * directory of a follower that nobody reads any more.
 */
const followFunctions = `_fg_gnu=
case $(command -v tail) in
/usr/bin/tail|/bin/tail) [ ! -e ${stdbufLibrary} ] || _fg_gnu=1 ;;
esac
[ -n "$_fg_gnu" ] || case $(exec tail --version) in *GNU*) _fg_gnu=1 ;; esac
_fg_send() {
if [ -n "$_fg_gnu" ]; then exec tail -c "+$(($2 + 1))" -s 0.1 -f "$1"; fi
exec <"$1"
dd bs=1 skip="$2" count=0
while :; do dd bs=65536; _fg_pause 2; done
}
_fg_over() { [ -e "$_fg_d/rc" ] || ! _fg_same_boot; }
_fg_bell() {
_fg_started && ! _fg_over || return
if [ -n "$_fg_gnu" ]; then
tail -n +1 -s 0.1 -f "$_fg_d/bell" &
until _fg_over; do sleep 3; [ -d "$_fg_d" ] && _fg_alive || break; done
kill "$!"
else
_fg_tries=0
until _fg_over; do
_fg_pause 2
_fg_tries=$((_fg_tries + 1))
[ "$((_fg_tries % 15))" -ne 0 ] || _fg_alive || break
done
fi
[ -d "$_fg_d" ] || kill -KILL 0
}
`

/**
 * `_fg_follow` sends all there is to say: its stdin has a line once the command is about to begin,
 * and another line or its end once it is over. The end is seen BEFORE the sizes are read, so that
 * they are final.
 */
function follow(script: DurableScript): string {
  return `_fg_follow() {
read -r _fg_x
_fg_started || { [ ! -e "$_fg_d/never" ] || _fg_leave never; _fg_leave unknown; }
${look(script)}
_fg_say pid "$_fg_group"
printf '\\036${script.nonce} begin\\n'
( _fg_send "$_fg_d/out" "$_fg_o" ) </dev/null 4>&- &
( _fg_send "$_fg_d/err" "$_fg_e" >&4 ) </dev/null &
exec >/dev/null
read -r _fg_x
_fg_w=lost _fg_b=
_fg_same_boot || { _fg_b=1; _fg_say rebooted; }
if [ -e "$_fg_d/rc" ]; then
read -r _fg_r _fg_x <"$_fg_d/rc"
case $_fg_x in full) _fg_say full 1 ;; esac
if [ -z "$_fg_b" ] && kill -0 "-$_fg_group"; then
_fg_members "$_fg_group"
[ -z "$_fg_m" ] || _fg_say left$_fg_m
fi
_fg_w="exit $_fg_r"
fi
_fg_sizes
_fg_say "$_fg_w" "$_fg_os" "$_fg_es"
}`
}

/** What was done to the files meanwhile is told before any byte of them, and before `pid`. */
function look(script: DurableScript): string {
  const { outBytes, errBytes } = script
  return `_fg_o=${outBytes} _fg_e=${errBytes}
${outBytes + errBytes > 0 ? lookForCuts(script) : ''}if [ -e "$_fg_d/held" ]; then rm "$_fg_d/held"; _fg_say held 1; fi`
}

/**
 * A file that is shorter than what is known of it is read from its end on. One that is long enough
 * may have been cut and have grown again: then it has other bytes before those that are read now.
 * A host without `cksum` proves nothing, and is believed.
 */
function lookForCuts({ outEnd, errEnd }: DurableScript): string {
  return `_fg_other() {
_fg_x=$(exec dd if="$_fg_d/$1" bs=1 skip="$(($2 - $3))" count="$3" | cksum)
case $_fg_x in ''|"$4 $3") return 1 ;; esac
}
_fg_sizes
if [ "$_fg_os" -lt "$_fg_o" ]; then _fg_say cut 1 "$_fg_os"; _fg_o=$_fg_os
${prove('out', outEnd)}fi
if [ "$_fg_es" -lt "$_fg_e" ]; then _fg_say cut 2 "$_fg_es"; _fg_e=$_fg_es
${prove('err', errEnd)}fi
`
}

function prove(file: 'out' | 'err', end: FileEnd | undefined): string {
  if (end === undefined) return ''
  const [offset, channel] = file === 'out' ? ['_fg_o', 1] : ['_fg_e', 2]
  return `elif _fg_other ${file} "$${offset}" ${end.bytes} ${end.sum}; then _fg_say changed ${channel}
`
}
