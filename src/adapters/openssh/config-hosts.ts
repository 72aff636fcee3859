/** The hosts that files of ssh_config name. What ssh makes of a host only ssh says (`ssh -G`). */
import { readdir, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import type { ConfigPlace } from '../../shared/protocol/hosts.ts'

export interface ConfiguredHost {
  readonly name: string
  readonly config: ConfigPlace
}

/** Names without patterns, in the order of the files, each where it stands first. Files that are not there are empty. */
export async function readConfigHosts(
  files: readonly string[],
): Promise<readonly ConfiguredHost[]> {
  const found = new Map<string, ConfiguredHost>()
  for (const file of files) {
    for await (const host of hostsIn({ file, base: dirname(file), depth: 0 })) {
      if (!found.has(host.name)) found.set(host.name, host)
    }
  }
  return [...found.values()]
}

/** The files that ssh reads, given the one that is to be read instead of the usual ones; null for those. */
export function sshConfigFiles(given: string | null): readonly string[] {
  if (given !== null) return [resolve(given)]
  return [join(homedir(), '.ssh', 'config'), '/etc/ssh/ssh_config']
}

interface ConfigFile {
  readonly file: string
  /** Where relative names of `Include` are looked for. */
  readonly base: string
  readonly depth: number
}

/** As deep as ssh itself follows `Include`. */
const depthMax = 16

async function* hostsIn({ file, base, depth }: ConfigFile): AsyncGenerator<ConfiguredHost> {
  const text = await readFile(file, 'utf8').catch(() => '')
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    const [keyword = '', ...words] = wordsOf(line)
    if (keyword === 'host') {
      const config = { file, line: at + 1 }
      yield* words.filter(isName).map((name) => ({ name, config }))
    } else if (keyword === 'include' && depth < depthMax) {
      const included = await Promise.all(words.map((pattern) => filesOf(pattern, base)))
      for (const next of included.flat()) yield* hostsIn({ file: next, base, depth: depth + 1 })
    }
  }
}

/** The keyword in lower case, then its arguments: by blanks or `=`, and in quotes as they are. */
function wordsOf(line: string): readonly string[] {
  const [, keyword, rest = ''] = /^\s*([A-Za-z]+)(?:\s*=\s*|\s+)(.*)$/.exec(line) ?? []
  if (keyword === undefined) return []
  const words = [...rest.matchAll(/"([^"]*)"|(\S+)/g)].map(([, inQuotes, plain]) => {
    return inQuotes ?? plain ?? ''
  })
  const comment = words.findIndex((word) => word.startsWith('#'))
  return [keyword.toLowerCase(), ...(comment < 0 ? words : words.slice(0, comment))]
}

function isName(word: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_.:-]*$/.test(word)
}

/** The files that a pattern of `Include` names, in the order of their names. */
async function filesOf(pattern: string, base: string): Promise<readonly string[]> {
  const path = pattern.replace(/^~(?=\/)/, homedir())
  const parts = (isAbsolute(path) ? path : join(base, path)).split('/').slice(1)
  let paths = ['']
  for (const part of parts) {
    const next = await Promise.all(paths.map((folder) => entriesOf(folder, part)))
    paths = next.flat()
  }
  return paths
}

async function entriesOf(folder: string, part: string): Promise<readonly string[]> {
  if (!/[*?]/.test(part)) return [`${folder}/${part}`]
  const source = part.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
  const expression = new RegExp(`^${source.replaceAll('*', '.*').replaceAll('?', '.')}$`)
  const names = await readdir(folder === '' ? '/' : folder).catch(() => [])
  return names
    .filter((name) => expression.test(name) && (part.startsWith('.') || !name.startsWith('.')))
    .toSorted()
    .map((name) => `${folder}/${name}`)
}
