/** `farglass saved`: saved commands, listed, shown, stored, removed, and exchanged as YAML. */
import { readFileSync } from 'node:fs'
import type { SavedCommandsApi } from '../../client/saved-commands-api.ts'
import { displayText } from '../../shared/display.ts'
import { AppError, sentenceOf } from '../../shared/errors.ts'
import { nearest } from '../../shared/nearest.ts'
import type { Parameter, StoredCommand } from '../../shared/saved-command.ts'
import { sourceText } from '../../shared/source.ts'
import { UsageError } from '../usage-error.ts'
import { type CommandLine, type CommandSpec, parseCommandLine, usage } from './command-line.ts'
import { connect, connectionFlags } from './connect.ts'
import type { CliContext } from './context.ts'
import { exitStatus } from './exit-status.ts'

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
  const [word = 'list', ...words] = line.words
  const work = Object.hasOwn(works, word) ? works[word] : undefined
  if (work === undefined) throw unknownWord(word)
  if (line.rest !== undefined) throw usage(spec, '"--" is one word too many')
  checkWords(word, words)
  await using connection = await connect(line)
  await work({ line, words, commands: connection.commands, context })
  return exitStatus.ok
}

const works: Readonly<Record<string, (work: SavedWork) => Promise<void>>> = {
  list,
  show,
  put,
  remove,
  import: importFile,
  export: exportNames,
}

/** How many words each takes. */
const wordCounts: Readonly<Record<string, readonly [least: number, most: number]>> = {
  list: [0, 0],
  show: [1, 1],
  put: [1, 1],
  remove: [1, 1],
  import: [1, 1],
  export: [0, Number.POSITIVE_INFINITY],
}

function checkWords(word: string, words: readonly string[]): void {
  const [least, most] = wordCounts[word] ?? [0, 0]
  if (words.length < least) {
    const what = word === 'show' || word === 'remove' ? 'a SAVED command' : 'a FILE'
    throw usage(spec, `"farglass saved ${word}" needs ${what}`)
  }
  const extra = words[most]
  if (extra !== undefined) throw usage(spec, `"${extra}" is one word too many`)
}

function unknownWord(word: string): UsageError {
  const near = nearest(word, Object.keys(works))
  const guess = near === undefined ? '' : `; did you mean "farglass saved ${near}"?`
  return usage(spec, `"farglass saved" has no "${word}"${guess}`)
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
  await context.output.write('out', tableText([['NAME', 'TARGET', 'TAGS', 'DESCRIPTION'], ...rows]))
  if (rows.length + unreadable.length === 0) await context.say('there are no saved commands yet.')
}

async function show({ line, words: [name = ''], commands, context }: SavedWork): Promise<void> {
  const command = await commands.get(name)
  if (line.has('json')) return printJson([command], context)
  await context.output.write('out', shownText(command))
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

async function remove({ words: [name = ''], commands, context }: SavedWork): Promise<void> {
  await commands.remove(name)
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

function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    throw new AppError('bad-request', `${displayText(file)} cannot be read: ${why}.`, {
      hint: 'Name a file of YAML, or "-" for standard input.',
    })
  }
}

function shownText(command: StoredCommand): string {
  const { name, description, tags, target, source, parameters = [], confirm } = command
  const asks = confirm === true ? 'yes' : confirm === false ? undefined : confirm
  const rows = [
    ['Name', name],
    ['Description', description],
    ['Tags', tags?.join(', ')],
    ['Target', target],
    ['Runs', sourceText(source)],
    ['Asks first', asks],
    ...parameters.map((parameter, at) => [at === 0 ? 'Parameters' : '', parameterText(parameter)]),
    ['Start', startText(command)],
  ]
  return rows
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([key = '', value = '']) => `${key.padEnd(14)}${indented(value)}\n`)
    .join('')
}

function indented(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map(displayText)
    .join(`\n${' '.repeat(14)}`)
}

function parameterText(parameter: Parameter): string {
  const { name, label, required } = parameter
  const words = [
    kindText(parameter),
    ...('default' in parameter ? [`default ${parameter.default}`] : []),
    ...(required === false ? ['may be left out'] : []),
  ].join('; ')
  return `${name}${label === undefined ? '' : ` (${label})`}: ${words}`
}

function kindText(parameter: Parameter): string {
  switch (parameter.kind) {
    case 'text':
      return parameter.pattern === undefined ? 'text' : `text like ${parameter.pattern}`
    case 'choice':
      return `one of ${parameter.choices.join(', ')}`
    case 'number': {
      const { min, max, integer } = parameter
      const bounds = [
        min === undefined ? '' : ` from ${min}`,
        max === undefined ? '' : ` to ${max}`,
      ]
      return `${integer === true ? 'whole number' : 'number'}${bounds.join('')}`
    }
    case 'secret':
      return 'secret'
    case 'per-host':
      return Object.entries(parameter.values)
        .map(([target, value]) => `${value} on ${target}`)
        .join(', ')
  }
}

function startText({ name, target, parameters = [] }: StoredCommand): string {
  const words = parameters
    .filter(({ kind, required }) => kind !== 'secret' && kind !== 'per-host' && required !== false)
    .filter((parameter) => !('default' in parameter))
    .map((parameter) => `${parameter.name}=…`)
  const where = target === undefined ? ' TARGET' : ''
  return `farglass run${where} --saved ${name}${words.length === 0 ? '' : ` -- ${words.join(' ')}`}`
}

function tableText(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((row) => row[at]?.length ?? 0)),
  )
  return rows
    .map((row) => row.map((cell, at) => displayText(cell).padEnd(widths[at] ?? 0)).join('  '))
    .map((text) => `${text.trimEnd()}\n`)
    .join('')
}
