/** `farglass triggers`: signed requests of other programs that start saved commands. */
import type { Trigger } from '../../shared/protocol/triggers.ts'
import { UsageError } from '../usage-error.ts'
import type { CommandSpec } from './command-line.ts'
import { confirmFlags } from './confirmed.ts'
import { connectionFlags } from './connect.ts'
import type { CliContext } from './context.ts'
import { type NamedCommand, type NamedWork, runNamed } from './named-command.ts'
import { readText } from './read-text.ts'
import { factsText } from './table-text.ts'

export const spec: CommandSpec = {
  name: 'triggers',
  usage: 'list | show NAME | put FILE | remove NAME | test NAME FILE',
  summary: 'let other programs start a saved command by a signed request',
  flags: {
    json: { value: null, help: 'one JSON object per trigger' },
    ...confirmFlags,
    ...connectionFlags,
  },
  examples: [
    [
      'farglass triggers put deploy.yaml',
      'stores the trigger of the file, and prints its new key once',
    ],
    ['farglass triggers test deploy payload.json', 'what this payload would start; starts nothing'],
    ['farglass triggers show deploy', 'where to send to, and what of the payload is used'],
  ],
  notes: ['How a trigger is written, and how requests are signed: docs/guide/alerts.md.'],
}

const command: NamedCommand<Trigger> = {
  spec,
  api: ({ triggers }) => triggers,
  shownOnly: ['path', 'secret'],
  confirm: (body) => ({ ...body, confirm: true }),
  head: ['NAME', 'STATE', 'STARTS', 'SIGNATURE', 'PATH'],
  row: ({ name, enabled, saved, signature, path }) => [
    name,
    enabled ? 'on' : 'off',
    saved,
    signature,
    path,
  ],
  text: shownText,
  words: { test: { needs: ['a NAME', 'a FILE'], run: test } },
}

export function run(args: readonly string[], context: CliContext): Promise<number> {
  return runNamed(command, args, context)
}

async function test({ words: [name = '', file = ''], automation, isJson, print }: NamedWork) {
  const found = await automation.triggers.test(name, parsed(readText(file), file))
  const facts = Object.entries(found.parameters).map(
    ([key, value]) => [key, value ?? '(secret, or another one on each host)'] as const,
  )
  await print(
    isJson ? `${JSON.stringify(found)}\n` : factsText([['target', found.target], ...facts]),
  )
  return true
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new UsageError(`${file} is not JSON.`, 'Give the payload as the other program sends it.')
  }
}

function shownText(trigger: Trigger): string {
  const { name, enabled, saved, target, parameters, mapping, signature, path, secret } = trigger
  return factsText([
    ['Name', name],
    ['State', enabled ? 'on' : 'off'],
    ['Starts', `saved command ${saved}`],
    ['On', target ?? 'the target of the saved command'],
    ['Path', `POST ${path}`],
    ['Signature', signature === 'github' ? 'X-Hub-Signature-256' : 'X-Farglass-Signature'],
    ...Object.entries(parameters).map(([key, value]) => [key, String(value)] as const),
    ...Object.entries(mapping).map(([key, { path: place }]) => [key, `from ${place}`] as const),
    ...(secret === null ? [] : [['Key', `${secret} (shown only now)`] as const]),
  ])
}
