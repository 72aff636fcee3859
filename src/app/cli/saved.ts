/** `farglass saved`: saved commands, listed, shown, stored, removed, and exchanged as YAML. */
import type { SavedCommandsApi } from '../../client/saved-commands-api.ts'
import { sentenceOf } from '../../shared/errors.ts'
import type { StoredCommand } from '../../shared/saved-command.ts'
import { UsageError } from '../usage-error.ts'
import { chooseWord, type WordRule } from './choose-word.ts'
import { type CommandLine, type CommandSpec, parseCommandLine } from './command-line.ts'
import { connect, connectionFlags } from './connect.ts'
import type { CliContext } from './context.ts'
import { exitStatus } from './exit-status.ts'
import { removedJson } from './json-lines.ts'
import { readText } from './read-text.ts'
import { savedText } from './saved-text.ts'
import { tableText } from './table-text.ts'

export const spec: CommandSpec = {
  name: 'saved',
  usage: 'list | show SAVED | put FILE | remove SAVED | import FILE | export [SAVED…]',
  summary: 'list saved commands, change them, and exchange them as YAML',
  flags: {
    json: { value: null, help: 'one JSON object per saved command' },
    ...connectionFlags,
  },
  examples: [
    ['farglass saved list', 'all of them, by name'],
    ['farglass saved show restart-app', 'what it runs, and how it is started'],
    ['farglass run @web --saved restart-app -- name=api', 'runs one'],
    ['farglass saved export > commands.yaml', 'all of them as YAML; with names only those'],
    ['farglass saved import commands.yaml', 'stores all of the file, or nothing'],
    ['farglass saved put restart.yaml', 'stores one; "-" reads standard input'],
    ['farglass saved remove restart-app', 'its runs stay'],
  ],
  notes: [
    'How a saved command is written: docs/guide/saved-commands.md.',
    'A command that was shown with --json holds its version. Put back with "put", it is refused when somebody has changed it meanwhile.',
  ],
}

interface SavedWork {
  readonly line: CommandLine
  readonly words: readonly string[]
  readonly commands: SavedCommandsApi
  readonly context: CliContext
}

export async function run(args: readonly string[], context: CliContext): Promise<number> {
  const line = parseCommandLine(spec, args)
  const { rule, words } = chooseWord(spec, line, rules)
  await using connection = await connect(line)
  await rule.run({ line, words, commands: connection.commands, context })
  return exitStatus.ok
}

interface SavedRule extends WordRule {
  readonly run: (work: SavedWork) => Promise<void>
}

const rules: Readonly<Record<string, SavedRule>> = {
  list: { needs: [], run: list },
  show: { needs: ['a SAVED command'], run: show },
  put: { needs: ['a FILE'], run: put },
  remove: { needs: ['a SAVED command'], run: remove },
  import: { needs: ['a FILE'], run: importFile },
  export: { needs: [], most: Number.POSITIVE_INFINITY, run: exportNames },
}

async function list({ line, commands, context }: SavedWork): Promise<void> {
  const { items, unreadable } = await commands.list()
  for (const each of unreadable) await context.say(sentenceOf(each))
  if (line.has('json')) return printJson(items, context)
  const rows = items.map((command) => [
    command.name,
    command.target ?? '–',
    command.tags?.join(' ') ?? '',
    command.description?.split('\n', 1)[0] ?? '',
  ])
  if (rows.length > 0) {
    const head = ['NAME', 'TARGET', 'TAGS', 'DESCRIPTION']
    await context.output.write('out', tableText([head, ...rows]))
  } else if (unreadable.length === 0) await context.say('there are no saved commands yet.')
}

async function show({ line, words: [name = ''], commands, context }: SavedWork): Promise<void> {
  const command = await commands.get(name)
  if (line.has('json')) return printJson([command], context)
  await context.output.write('out', savedText(command))
}

async function put({ line, words: [file = ''], commands, context }: SavedWork): Promise<void> {
  const [{ yamlDocuments }, { savedDocument }] = await Promise.all([
    import('../../adapters/yaml/yaml-documents.ts'),
    import('../../core/saved-commands/import-documents.ts'),
  ])
  const [document, second] = await yamlDocuments.read(readText(file))
  if (document === undefined || second !== undefined) {
    const what = document === undefined ? 'no saved command' : 'several saved commands'
    throw new UsageError(`${file} holds ${what}.`, 'Store several with "farglass saved import".')
  }
  const { command, version } = savedDocument(document)
  const stored = await commands.put(command, version)
  if (line.has('json')) return printJson([stored], context)
  await context.say(`"${stored.name}" is stored.`)
}

async function remove({ line, words: [name = ''], commands, context }: SavedWork): Promise<void> {
  await commands.remove(name)
  if (line.has('json')) await context.output.write('out', removedJson(name))
  await context.say(`"${name}" is removed; its runs stay.`)
}

async function importFile({
  line,
  words: [file = ''],
  commands,
  context,
}: SavedWork): Promise<void> {
  const stored = await commands.importYaml(readText(file))
  if (line.has('json')) return printJson(stored, context)
  const names = stored.map(({ name }) => name).join(', ')
  await context.say(names === '' ? `${file} holds no saved command.` : `stored: ${names}.`)
}

async function exportNames({ line, words, commands, context }: SavedWork): Promise<void> {
  const names = words.length === 0 ? undefined : words
  if (line.has('json')) {
    const all = names ?? (await allNames(commands))
    return printJson(await Promise.all(all.map((name) => commands.get(name))), context)
  }
  await context.output.write('out', await commands.exportYaml(names))
}

/** Also of those that cannot be read: an export that lacks one must not pass for whole. */
async function allNames(commands: SavedCommandsApi): Promise<readonly string[]> {
  const { items, unreadable } = await commands.list()
  return [...items, ...unreadable].map(({ name }) => name)
}

async function printJson(
  commands: readonly StoredCommand[],
  { output }: CliContext,
): Promise<void> {
  await output.write('out', commands.map((command) => `${JSON.stringify(command)}\n`).join(''))
}
