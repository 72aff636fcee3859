/** The script that follows the output of a container, from a time on. */
import { limits } from '../../shared/limits.ts'
import { printMark } from './shell-parts.ts'

export interface ContainerScript {
  readonly nonce: string
  /** Name or id; holds nothing that a shell would take for more. */
  readonly name: string
  readonly from: ContainerStart
}

export type ContainerStart =
  | { readonly kind: 'lines'; readonly lines: number }
  /** Of the container with this number, from a time on; another one is read from its first line. */
  | { readonly kind: 'since'; readonly container: number; readonly since: string }

/**
 * POSIX sh for the stdin of a constant `sh -s`; Docker or Podman, whichever knows the container. A
 * `docker` that is a link to Podman is none: it writes as Podman does, and says so on stderr each time.
 * Marks on stdout: `ready CONTAINER SECONDS PODMAN`, with the first 48 bits of the id as a number and
 * 1 for Podman, then `exit CODE` when the engine's logs end, and `again 0` once there is more to read; or `missing` (no
 * engine), `unknown` (no such container, at the first start) or `absent` (later: it is waited for). When
 * stdin ends, so does the process group.
 */
export function containerScript({ nonce, name, from }: ContainerScript): string {
  return `{ exec 3<&0 </dev/null
_fg_v= _fg_es=
if command -v docker >/dev/null 2>&1; then
_fg_v=$(docker --version 2>/dev/null)
case $_fg_v in Docker*) _fg_es=docker ;; esac
fi
if command -v podman >/dev/null 2>&1; then _fg_es="$_fg_es podman"
elif command -v docker >/dev/null 2>&1; then _fg_es=docker
fi
_fg_look() {
for _fg_e in $_fg_es; do
_fg_s=$("$_fg_e" container inspect --format '{{.Id}} {{.State.Running}} {{.State.StartedAt}}' '${name}' 2>/dev/null) || continue
[ -z "$_fg_s" ] || return 0
done
_fg_s=
return 1
}
if [ -z "$_fg_es" ]; then
${printMark(nonce, 'missing 0')}
exit
fi
( exec >/dev/null 2>&1
while read -r _fg_x; do :; done <&3
kill -KILL 0 ) &
exec 3<&-
_fg_w=
until _fg_look; do
${from.kind === 'lines' ? sayUnknown(nonce, name) : sayAbsent(nonce)}
done
_fg_id=\${_fg_s%% *} _fg_at=\${_fg_s#* * }
_fg_n=$((0x$(printf %.12s "$_fg_id")))
case "$_fg_e $_fg_v" in 'docker Docker'*) _fg_p=0 ;; *) _fg_p=1 ;; esac
${printMark(nonce, 'ready %s %s %s')} "$_fg_n" "$(date +%s)" "$_fg_p"
${startArgs(from)}
"$_fg_e" logs --follow --timestamps "$@" "$_fg_id"
${printMark(nonce, 'exit %s')} "$?"
while ${pause}; do
_fg_look || continue
case $_fg_s in
"$_fg_id false $_fg_at") ;;
*) break ;;
esac
done
${printMark(nonce, 'again 0')}
kill -KILL 0
}
`
}

const pause = `sleep ${limits.containerPollSeconds}`

/** The engines say by themselves what they do not know, or why they cannot be asked. */
function sayUnknown(nonce: string, name: string): string {
  return `for _fg_e in $_fg_es; do "$_fg_e" container inspect '${name}' >/dev/null; done
${printMark(nonce, 'unknown 0')}
kill -KILL 0`
}

function sayAbsent(nonce: string): string {
  return `[ -n "$_fg_w" ] || ${printMark(nonce, 'absent 0')}
_fg_w=1
${pause}`
}

function startArgs(from: ContainerStart): string {
  if (from.kind === 'lines') return `set -- --tail ${from.lines}`
  return `case $_fg_n in ${from.container}) set -- --since '${from.since}' ;; *) set -- ;; esac`
}
