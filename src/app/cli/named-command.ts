/** What `farglass alerts`, `schedules` and `triggers` have in common: each lists, shows and changes what has a name. */

import { z } from 'zod'
import type { AutomationApi, NamedApi } from '../../client/automation-api.ts'
import { sentenceOf } from '../../shared/errors.ts'
import { UsageError } from '../usage-error.ts'
import { chooseWord, type WordRule } from './choose-word.ts'
import { type CommandLine, type CommandSpec, parseCommandLine } from './command-line.ts'
import { confirmed } from './confirmed.ts'
import { connect } from './connect.ts'
import { type CliContext } from './context.ts'
import { exitStatus } from './exit-status.ts'
import { removedJson } from './json-lines.ts'
import { readText } from './read-text.ts'
import { tableText } from './table-text.ts'

export interface NamedCommand<Kept extends object> {
  readonly spec: CommandSpec
  readonly api: (automation: AutomationApi) => NamedApi<Kept>
  /** Fields of what is shown that are not written: they are left out when it is put back, wherever they stand. */
  readonly shownOnly: readonly string[]
  /** What is put, as a person has confirmed it; undefined where there is nothing to confirm. */
  readonly confirm?: (body: object) => object
  /** Row of the list. */
  readonly head: readonly string[]
  row(kept: Kept): readonly string[]
  /** All of it, for people. */
  text(kept: Kept): string
  /** Further words, with how many words may follow each. */
  readonly words: Readonly<Record<string, NamedWord>>
}

export interface NamedWord extends WordRule {
  /** Gives whether all went well. */
  run(work: NamedWork): Promise<boolean>
}

export interface NamedWork {
  readonly words: readonly string[]
  readonly line: CommandLine
  readonly automation: AutomationApi
  readonly isJson: boolean
  readonly print: (text: string) => Promise<void>
  readonly context: CliContext
}

/** Runs `farglass NAME WORD …`. */
export async function runNamed<Kept extends object>(
  command: NamedCommand<Kept>,
  args: readonly string[],
  context: CliContext,
): Promise<number> {
  const { spec } = command
  const line = parseCommandLine(spec, args)
  const { rule, words } = chooseWord(spec, line, { ...commonWords(command), ...command.words })
  await using connection = await connect(line)
  const automation = await connection.automation()
  const print = (text: string) => context.output.write('out', text)
  const isJson = line.has('json')
  const isWell = await rule.run({ words, line, automation, isJson, print, context })
  return isWell ? exitStatus.ok : exitStatus.failed
}

function commonWords<Kept extends object>(
  command: NamedCommand<Kept>,
): Readonly<Record<string, NamedWord>> {
  const { spec } = command
  const show = async (kept: Kept, { isJson, print }: NamedWork): Promise<boolean> => {
    await print(isJson ? `${JSON.stringify(kept)}\n` : command.text(kept))
    return true
  }
  return {
    list: {
      needs: [],
      run: async ({ automation, isJson, print, context }) => {
        const { items, unreadable } = await command.api(automation).list()
        const rows = items.map((kept) => command.row(kept))
        if (isJson) await print(items.map((kept) => `${JSON.stringify(kept)}\n`).join(''))
        else if (items.length > 0) await print(tableText([command.head, ...rows]))
        else if (unreadable.length === 0) await context.say(`there are no ${spec.name} yet.`)
        for (const each of unreadable) await context.say(sentenceOf(each))
        return true
      },
    },
    show: {
      needs: ['a NAME'],
      run: async (work) => show(await command.api(work.automation).get(work.words[0] ?? ''), work),
    },
    put: {
      needs: ['a FILE'],
      run: async (work) => {
        for (const { name, version, body } of await readDocuments(work.words[0] ?? '', command)) {
          const api = command.api(work.automation)
          const put = ({ confirm }: { readonly confirm?: true }) =>
            api.put(name, confirm === true ? (command.confirm?.(body) ?? body) : body, version)
          await show(await confirmed(work.line, put), work)
        }
        return true
      },
    },
    remove: {
      needs: ['a NAME'],
      run: async ({ automation, words: [name = ''], isJson, print, context }) => {
        await command.api(automation).remove(name)
        if (isJson) await print(removedJson(name))
        await context.say(`"${name}" is removed.`)
        return true
      },
    },
  }
}

interface Written {
  readonly name: string
  readonly version: number | undefined
  readonly body: object
}

/** Documents of YAML, which JSON is, too. What was shown with --json can be put back as it is. */
export async function readDocuments(
  file: string,
  { shownOnly }: Pick<NamedCommand<object>, 'shownOnly'>,
): Promise<readonly Written[]> {
  const { yamlDocuments } = await import('../../adapters/yaml/yaml-documents.ts')
  const documents = await yamlDocuments.read(readText(file))
  return documents.map(({ value }) => {
    const found = documentSchema.safeParse(value)
    if (!found.success) {
      throw new UsageError(
        `${file} holds a document without a "name".`,
        'Give one: "name: errors".',
      )
    }
    const { name, version, ...rest } = found.data
    const body = withoutFields(rest, shownOnly)
    return { name, version, body }
  })
}

/** Of it and of the objects in its lists: what is shown of a part stands beside what is written of it. */
function withoutFields(value: object, names: readonly string[]): object {
  const kept = Object.entries(value).filter(([key]) => !names.includes(key))
  return Object.fromEntries(
    kept.map(([key, inner]) => [key, Array.isArray(inner) ? inner.map(inList) : inner]),
  )

  function inList(item: unknown): unknown {
    return typeof item === 'object' && item !== null ? withoutFields(item, names) : item
  }
}

const documentSchema = z.looseObject({ name: z.string(), version: z.int().optional() })
