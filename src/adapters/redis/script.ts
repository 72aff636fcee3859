/** A Lua script as Redis keeps it: named by the digest of its text. */
import { createHash } from 'node:crypto'

export interface Script {
  readonly text: string
  readonly digest: string
}

/**
 * `flags` as Redis 7 knows them: with this first line Redis refuses a script that it cannot carry
 * through (no memory, a replica) before it begins, and one that touches two slots of a cluster.
 */
export function script(flags: readonly string[], body: string): Script {
  const head = flags.length === 0 ? '#!lua' : `#!lua flags=${flags.join(',')}`
  const text = `${head}\n${body.trim()}\n`
  return { text, digest: createHash('sha1').update(text).digest('hex') }
}
