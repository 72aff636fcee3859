/** A word `TARGET:PATH` of `farglass tail`. */
import { type CommandSpec, usage } from './command-line.ts'

export interface TailWord {
  readonly target: string
  readonly path: string
}

/**
 * The path begins after the first colon that is neither inside the brackets of an address nor before
 * a port: `web-1:2222,web-2:/var/log/syslog`. A path that is a number is written `./2222`. The first
 * colon of `@env:prod`, or of `deploy@@env:prod`, belongs to the tag when another one follows; `@web:app.log` is a file of a group.
 */
export function parseTailWord(spec: CommandSpec, word: string): TailWord {
  const { target, path } = splitTailWord(word) ?? { target: word, path: '' }
  if (target.trim() === '') throw usage(spec, `"${word}" names no host`)
  if (path === '') throw usage(spec, `"${word}" names no path: write TARGET:PATH`)
  return { target, path }
}

/** Its two halves, either of which may be empty; undefined while it has no path. */
export function splitTailWord(word: string): TailWord | undefined {
  const at = [...word.matchAll(/:/g)]
    .map(({ index }) => index)
    .find((index) => isSplit(word, index))
  return at === undefined ? undefined : { target: word.slice(0, at), path: word.slice(at + 1) }
}

function isSplit(word: string, index: number): boolean {
  const before = word.slice(0, index)
  if (before.lastIndexOf('[') > before.lastIndexOf(']')) return false
  const after = word.slice(index + 1)
  const isTag =
    /(?:^|[,&!^\s])(?:[^@:,&!^\s]+@)?@[^:,&!^\s]*$/.test(before) &&
    /^[^/~:]+:|^[^/~:]+[,&!^][^/]*:/.test(after)
  return !isTag && !/^\d+(?:[,:&!^]|$)/.test(after)
}
