/** What a host must have to hold a durable run. */
import { limits } from '../../shared/limits.ts'

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
case $_fg_z in ''|*[!0-9]*) ;; *) [ "$_fg_z" -ge ${limits.spoolFreeBytesMin / 1024} ] || _fg_leave cannot 4 ;; esac
`

/** What the number of a `cannot` mark means. */
export const cannotReasons: Readonly<Record<number, string>> = {
  1: 'its user has no directory to keep the output in',
  2: 'it has no setsid program',
  3: 'it has neither a ps program that lists all processes nor /proc',
  4: 'there is too little free space for the output',
  5: 'it ends the processes of a user who logs out (KillUserProcesses)',
  6: 'its sh has no printf of its own, with which a command could be handed on unseen',
}
