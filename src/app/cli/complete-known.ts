/** Candidates that only a server, its store or a host knows. */
import type { FarglassApi } from '../../client/api.ts'
import type { SavedCommandsApi } from '../../client/saved-commands-api.ts'
import { displayText } from '../../shared/display.ts'
import { limits } from '../../shared/limits.ts'
import type { CompletionRequest } from '../../shared/protocol/completion.ts'
import { sourceText } from '../../shared/source.ts'
import { completeTarget } from '../../shared/target-completion.ts'
import type { CommandLine } from './command-line.ts'
import type { Candidate, TypedLine, Wanted } from './complete-word.ts'
import { type Connection, connect } from './connect.ts'
import { splitTailWord } from './tail-word.ts'

export type WantedKnown = Extract<Wanted, { readonly line: TypedLine }>

/** None when nobody can be asked: a shell has no place for a sentence. */
export async function knownCandidates(wanted: WantedKnown): Promise<readonly Candidate[]> {
  try {
    await using connection = await connect(asCommandLine(wanted.line))
    return await candidatesOf(connection, wanted)
  } catch {
    return []
  }
}

async function candidatesOf(
  { api, commands }: Connection,
  { kind, typed, line }: WantedKnown,
): Promise<readonly Candidate[]> {
  const [target = ''] = line.words
  switch (kind) {
    case 'run':
      return runCandidates(api, typed)
    case 'target':
      return hostCandidates(api, { typed, end: '' })
    case 'path': {
      const word = splitTailWord(typed)
      if (word === undefined) return hostCandidates(api, { typed, end: ':' })
      const paths = await sourceCandidates(api, word.target, { kind, prefix: word.path })
      return paths.map(({ text, about }) => ({ text: `${word.target}:${text}`, about }))
    }
    case 'unit':
    case 'container':
      return sourceCandidates(api, target, { kind, prefix: typed })
    case 'saved':
      return savedCandidates(commands, typed)
  }
}

async function savedCandidates(
  commands: SavedCommandsApi,
  typed: string,
): Promise<readonly Candidate[]> {
  const { items } = await commands.list()
  return items
    .filter(({ name }) => name.startsWith(typed))
    .map(({ name, description = '' }) => ({
      text: name,
      about: displayText(description.split('\n', 1)[0] ?? ''),
    }))
}

/** What the first host of the target has: the others are like it, or will say that they are not. */
async function sourceCandidates(
  api: FarglassApi,
  target: string,
  request: CompletionRequest,
): Promise<readonly Candidate[]> {
  const [host] = (await api.target(target)).hosts
  if (host === undefined) return []
  const signal = AbortSignal.timeout(limits.completionMs)
  const { candidates } = await api.complete(host, request, signal)
  return candidates.map((text) => ({ text, about: host }))
}

async function runCandidates(api: FarglassApi, typed: string): Promise<readonly Candidate[]> {
  const runs = await api.list({ limit: runsMax })
  return runs
    .filter(({ id }) => id.startsWith(typed))
    .map(({ id, target, source, outcome, state }) => ({
      text: id,
      about: `${outcome ?? state}, ${displayText(target)}: ${displayText(sourceText(source))}`,
    }))
}

async function hostCandidates(
  api: FarglassApi,
  { typed, end }: { readonly typed: string; readonly end: string },
): Promise<readonly Candidate[]> {
  const inventory = await api.hosts()
  const { from, candidates } = completeTarget(typed, typed.length, inventory)
  const before = typed.slice(0, from)
  // A shell takes only what goes on with the word that it has.
  return candidates
    .filter(({ text }) => text.startsWith(typed.slice(from)))
    .map(({ kind, text, hosts }) => ({
      text: before + text + end,
      about: kind === 'host' ? '' : `${hosts} ${hosts === 1 ? 'host' : 'hosts'}`,
    }))
}

/** What was typed says which server is asked, as it will for the command itself. */
function asCommandLine({ words, flags }: TypedLine): CommandLine {
  return {
    words,
    rest: undefined,
    has: (flag) => flags.has(flag),
    value: (flag) => flags.get(flag),
    values: (flag) => [flags.get(flag) ?? []].flat(),
  }
}

/** A list that can still be read on a screen. */
const runsMax = 50
