/** The run that a command line names. */
import { runIdPattern } from '../../shared/run.ts'
import { type CommandLine, type CommandSpec, oneWord, usage } from './command-line.ts'

/** The id of the run, also out of the address of its page. Throws a UsageError for anything else. */
export function runIdOf(spec: CommandSpec, line: CommandLine): string {
  if (line.rest !== undefined) throw usage(spec, `"farglass ${spec.name}" takes no command`)
  return idIn(spec, oneWord(spec, line, 'the id of a RUN'))
}

/** The same of a word that stands elsewhere. */
export function idIn(spec: CommandSpec, word: string): string {
  const id = word.split(/[/?#]/).find((part) => runIdPattern.test(part))
  if (id !== undefined) return id
  throw usage(spec, `"${word}" is not the id of a run (r and 25 letters or digits)`)
}
