/** `farglass hosts add`, `remove` and `import`: what people say of hosts, kept by Farglass. */
import type { FarglassApi } from '../../client/api.ts'
import { displayText } from '../../shared/display.ts'
import { namesOf, parsePattern } from '../../shared/host-pattern.ts'
import { foldHosts } from '../../shared/host-set.ts'
import { limits } from '../../shared/limits.ts'
import { UsageError } from '../usage-error.ts'
import { type CommandLine, type CommandSpec, usage } from './command-line.ts'
import type { CliContext } from './context.ts'
import { countText } from './hosts-text.ts'
import { removedJson } from './json-lines.ts'
import { readText } from './read-text.ts'

interface Changing {
  readonly spec: CommandSpec
  readonly line: CommandLine
  readonly api: FarglassApi
  readonly context: CliContext
}

export async function changeHosts(
  word: 'add' | 'remove' | 'import',
  names: readonly string[],
  changing: Changing,
): Promise<void> {
  const { spec } = changing
  const [first, extra] = names
  if (first === undefined) {
    throw usage(spec, `"farglass hosts ${word}" needs a ${word === 'import' ? 'FILE' : 'NAME'}`)
  }
  if (word === 'remove') return removeHosts(names, changing)
  if (extra !== undefined) throw usage(spec, `"${extra}" is one word too many`)
  return word === 'add' ? addHosts(first, changing) : importHosts(first, changing)
}

/** Ranges of the name stand for several hosts, those of the destination for as many places. */
async function addHosts(name: string, { spec, line, api, context }: Changing): Promise<void> {
  const names = written(name)
  const destination = line.value('destination')
  const places = destination === undefined ? [] : written(destination)
  if (destination !== undefined && places.length !== names.length) {
    throw usage(spec, `There are ${countText(names.length)} and ${places.length} destinations`)
  }
  const note = line.value('note') ?? null
  const shared = { groups: line.values('group'), tags: line.values('tag'), note }
  for (const [at, host] of names.entries()) {
    const added = await api.putHost(host, { ...shared, destination: places[at] ?? null })
    if (line.has('json')) await context.output.write('out', `${JSON.stringify(added)}\n`)
  }
  await context.say(`${displayText(foldHosts(names))}: added.`)
}

async function removeHosts(
  names: readonly string[],
  { line, api, context }: Changing,
): Promise<void> {
  const all = names.flatMap(written)
  for (const name of all) {
    await api.removeHost(name)
    if (line.has('json')) await context.output.write('out', removedJson(name))
  }
  await context.say(`${displayText(foldHosts(all))}: removed.`)
}

async function importHosts(file: string, { line, api, context }: Changing): Promise<void> {
  const { parseInventory } = await import('../../adapters/inventory-file/parse-inventory.ts')
  const { hosts, groups } = await parseInventory(readText(file), file)
  for (let at = 0; at < hosts.length; at += limits.hostChecksMax) {
    const some = hosts.slice(at, at + limits.hostChecksMax)
    const added = await Promise.all(
      some.map(({ name, destination, groups: theirs, tags, note }) =>
        api.putHost(name, { destination, groups: theirs, tags, note }),
      ),
    )
    if (!line.has('json')) continue
    await context.output.write('out', added.map((host) => `${JSON.stringify(host)}\n`).join(''))
  }
  await context.say(`${countText(hosts.length)} of ${displayText(file)}: added.`)
  const asking = groups.filter(({ confirm }) => confirm).map(({ name }) => `@${name}`)
  if (asking.length > 0) {
    await context.say(
      `that ${asking.join(', ')} asks before a run is not taken: give the file to "farglass serve --inventory".`,
    )
  }
}

function written(text: string): readonly string[] {
  const pattern = parsePattern(text, 0)
  if (pattern.count <= limits.tasksPerRunMax) return [...namesOf(pattern)]
  throw new UsageError(
    `"${text}" stands for ${pattern.count} hosts; ${limits.tasksPerRunMax} are added at once.`,
    'Take a smaller range.',
  )
}
