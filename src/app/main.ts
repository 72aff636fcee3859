#!/usr/bin/env node
/** The command line: finds the command, loads it and nothing else, and turns its end into an exit status. */
import { AppError, type ErrorCode, sentenceOf } from '../shared/errors.ts'
import { nearest } from '../shared/nearest.ts'
import { type Command, commandSpecs, commands } from './cli/commands.ts'
import { createContext } from './cli/context.ts'
import { exitStatus } from './cli/exit-status.ts'
import { UsageError } from './usage-error.ts'

/** Errors about what was typed. */
const usageCodes: readonly ErrorCode[] = [
  'bad-target',
  'bad-command',
  'bad-pattern',
  'ssh-config-invalid',
]

const context = createContext()
const status = await main(process.argv.slice(2)).catch(explain)
await context.output.drain()
// Idle connections to a server would keep the process for seconds.
process.exit(outputStatus(status))

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args
  if (name === '--version' || name === '-V') {
    const { readVersion } = await import('./version.ts')
    await context.output.write('out', `farglass ${readVersion()}\n`)
    return exitStatus.ok
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    return showHelp(name === undefined, rest[0])
  }
  const command = await loadCommand(name)
  const own = rest.slice(0, rest.includes('--') ? rest.indexOf('--') : rest.length)
  if (own.includes('--help') || own.includes('-h')) return showCommandHelp(command)
  return command.run(rest, context)
}

async function loadCommand(name: string): Promise<Command> {
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (load !== undefined) return load()
  const hint = 'See "farglass --help".'
  if (name.startsWith('-')) {
    throw new UsageError(
      `"${name}" stands before any command.`,
      `${hint} Flags follow the command.`,
    )
  }
  const near = nearest(name, Object.keys(commands))
  const guess = near === undefined ? '' : ` Did you mean "farglass ${near}"?`
  throw new UsageError(`"${name}" is no command of Farglass.${guess}`, hint)
}

/** Without any word the help is an answer to a mistake: standard error and exit status 2. */
async function showHelp(isMistake: boolean, name: string | undefined): Promise<number> {
  if (name !== undefined && !name.startsWith('-')) return showCommandHelp(await loadCommand(name))
  const { table } = await import('./cli/help.ts')
  const specs = await commandSpecs()
  const text = [
    'Farglass runs commands on remote machines over plain SSH, live here and in the browser.',
    '',
    'Usage: farglass COMMAND [FLAGS]',
    '',
    ...table(specs.map((spec) => [spec.name, spec.summary] as const)),
    '',
    'Each has a --help of its own. farglass --version prints the version.',
    '',
  ].join('\n')
  await context.output.write(isMistake ? 'err' : 'out', text)
  return isMistake ? exitStatus.usage : exitStatus.ok
}

async function showCommandHelp(command: Command): Promise<number> {
  const { helpOf } = await import('./cli/help.ts')
  await context.output.write('out', helpOf(command.spec))
  return exitStatus.ok
}

/** Every error ends as one or two sentences: what happened, and what to do. */
async function explain(thrown: unknown): Promise<number> {
  if (thrown instanceof UsageError) {
    await context.say(sentenceOf(thrown))
    return exitStatus.usage
  }
  if (thrown instanceof AppError) {
    await context.say(sentenceOf(thrown))
    return usageCodes.includes(thrown.code) ? exitStatus.usage : exitStatus.failed
  }
  const detail = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
  await context.say(`this is a fault of Farglass itself; please report it.\n${detail}`)
  return exitStatus.failed
}

/** A reader that has gone (`| head`) is no failure; a full disk is. */
function outputStatus(status: number): number {
  const { closed } = context.output
  if (!closed.aborted || isBrokenPipe(closed.reason)) return status
  const why = closed.reason instanceof Error ? closed.reason.message : String(closed.reason)
  process.stderr.write(`farglass: Standard output cannot be written: ${why}. Make room for it.\n`)
  return exitStatus.failed
}

function isBrokenPipe(reason: unknown): boolean {
  return reason instanceof Error && 'code' in reason && reason.code === 'EPIPE'
}
