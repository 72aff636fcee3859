/** `farglass completion SHELL`: prints what a shell needs to complete commands, flags, hosts and runs. */
import { displayText } from '../../shared/display.ts'
import { type CommandSpec, oneWord, parseCommandLine, usage } from './command-line.ts'
import { commandSpecs } from './commands.ts'
import { type Candidate, wantedAt } from './complete-word.ts'
import { completionScripts, shellNames } from './completion-scripts.ts'
import type { CliContext } from './context.ts'
import { exitStatus } from './exit-status.ts'

export const spec: CommandSpec = {
  name: 'completion',
  usage: 'bash|zsh|fish',
  summary: 'print what a shell needs to complete commands, flags, hosts, runs and remote paths',
  flags: {
    words: {
      value: null,
      help: 'print what could stand in the place of the last word after "--"; the shells ask with it',
    },
  },
  examples: [
    ['source <(farglass completion bash)', 'in ~/.bashrc'],
    ['source <(farglass completion zsh)', 'in ~/.zshrc, after compinit'],
    ['farglass completion fish | source', 'in ~/.config/fish/config.fish'],
  ],
  notes: [
    'Hosts, groups, runs and saved commands come from the server that the command would use. Paths, units and containers are asked of a host of the target over a connection that is open or opened without a question.',
  ],
}

export async function run(args: readonly string[], { output }: CliContext): Promise<number> {
  const line = parseCommandLine(spec, args)
  if (line.has('words')) {
    const candidates = await candidatesOf(line.rest ?? [''])
    await output.write('out', candidates.map(rowOf).join(''))
    return exitStatus.ok
  }
  const word = oneWord(spec, line, 'the name of a shell: bash, zsh or fish')
  const shell = shellNames.find((name) => name === word)
  if (shell === undefined) throw usage(spec, `"${word}" is no shell that Farglass knows`)
  await output.write('out', completionScripts[shell])
  return exitStatus.ok
}

async function candidatesOf(words: readonly string[]): Promise<readonly Candidate[]> {
  const wanted = wantedAt(words, await commandSpecs())
  if (wanted.kind === 'nothing') return []
  if (wanted.kind === 'words') return wanted.words
  const { knownCandidates } = await import('./complete-known.ts')
  return knownCandidates(wanted)
}

/** One line: what a host calls its files must not reach a terminal as it is. A name that would need that is left out. */
function rowOf({ text, about }: Candidate): string {
  if (displayText(text) !== text) return ''
  return `${text}\t${displayText(about).replaceAll('\n', ' ')}\n`
}
