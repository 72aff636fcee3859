/** `farglass hosts`: the hosts that are known here, what is said of them, and whether the way to each works. */
import type { FarglassApi } from '../../client/api.ts'
import { displayText } from '../../shared/display.ts'
import { AppError } from '../../shared/errors.ts'
import type { HostEntry, HostList, TargetPreview } from '../../shared/protocol/hosts.ts'
import { parseTarget } from '../../shared/target.ts'
import { type CommandLine, type CommandSpec, parseCommandLine, usage } from './command-line.ts'
import { connect, connectionFlags } from './connect.ts'
import { type CliContext, onStopSignal } from './context.ts'
import { exitStatus } from './exit-status.ts'
import { detailsText, groupsText, hostsText, previewText } from './hosts-text.ts'

export const spec: CommandSpec = {
  name: 'hosts',
  usage: '[TARGET] | add NAME | remove NAME… | import FILE',
  summary: 'list known hosts, say what ssh will use for one, check them, add and remove them',
  flags: {
    check: {
      value: null,
      help: 'go the way to each, step by step; what is found is kept and shown in lists',
    },
    count: { value: null, help: 'say only which hosts TARGET names, written short, and how many' },
    groups: { value: null, help: 'list the groups with their hosts' },
    destination: { value: 'PLACE', help: 'with add: where ssh goes, as deploy@10.0.0.7:2222' },
    group: { value: 'NAME', help: 'with add: a group that it is in (repeatable)' },
    tag: { value: 'KEY:VALUE', help: 'with add: a tag of it (repeatable)' },
    note: { value: 'TEXT', help: 'with add: what people should know of it' },
    json: { value: null, help: 'one JSON object per host, or of the one' },
    ...connectionFlags,
  },
  examples: [
    ['farglass hosts', 'all of the inventory, then those of the newest runs'],
    ["farglass hosts '@web!web-2'", 'those that a target names'],
    ["farglass hosts '@web!web-2' --count", 'as "web-[1,3-38] (37 hosts)"'],
    ['farglass hosts web-1', 'address, user, jump hosts and keys that ssh will use'],
    ['farglass hosts web-1 --check', 'the same way that a run goes, with the time of each step'],
    ["farglass hosts '@web' --check", 'the same of many at once, one row each'],
    ['farglass hosts --groups', 'groups with their hosts'],
    [
      'farglass hosts add box --destination deploy@10.0.0.7 --group web --tag env:prod',
      'adds a host, or says these things of it in the place of others',
    ],
    ['farglass hosts remove box', 'takes an added host back'],
    ['farglass hosts import inventory.yaml', 'adds the hosts of a file, ours or of Ansible'],
  ],
  notes: [
    'Where hosts come from, and the form of files: docs/guide/inventory.md. How a TARGET is written: docs/guide/targets.md.',
    'A check starts nothing on the host and asks nobody: a host key that is not known, or a password, ends it with a sentence.',
    'Exit status: 0, and 1 when a check failed.',
  ],
}

export async function run(args: readonly string[], context: CliContext): Promise<number> {
  const line = parseCommandLine(spec, args)
  if (line.rest !== undefined) throw usage(spec, '"--" is one word too many')
  const [word = '', ...names] = line.words
  const isChange = word === 'add' || word === 'remove' || word === 'import'
  const misplaced = isChange ? undefined : changeFlags.find((flag) => line.has(flag))
  if (misplaced !== undefined) throw usage(spec, `--${misplaced} goes with "farglass hosts add"`)
  const [extra] = isChange ? [] : names
  if (extra !== undefined) throw usage(spec, `"${extra}" is one word too many`)
  if (!isChange && word !== '') parseTarget(word)
  await using connection = await connect(line)
  const { api } = connection
  if (isChange) {
    const { changeHosts } = await import('./hosts-change.ts')
    await changeHosts(word, names, { spec, line, api, context })
    return exitStatus.ok
  }
  const leave = new AbortController()
  using _interrupt = onStopSignal(() => leave.abort())
  return await look(word, { line, api, context, signal: leave.signal })
}

const changeFlags = ['destination', 'group', 'tag', 'note']

interface Looking {
  readonly line: CommandLine
  readonly api: FarglassApi
  readonly context: CliContext
  readonly signal: AbortSignal
}

async function look(target: string, looking: Looking): Promise<number> {
  const { line, api, context, signal } = looking
  const print = (values: readonly object[], text: string) =>
    context.output.write('out', line.has('json') ? jsonLines(values) : text)
  if (line.has('groups')) {
    const { groups } = await api.hostGroups()
    await print(groups, groupsText(groups))
    return exitStatus.ok
  }
  if (target === '') {
    if (line.has('check') || line.has('count')) {
      throw usage(spec, `--${line.has('check') ? 'check' : 'count'} needs a TARGET`)
    }
    await printAll(await api.hosts(), { print, context })
    return exitStatus.ok
  }
  const preview = await previewOf(api, target)
  if (line.has('count')) {
    await print([preview], previewText(preview))
    return exitStatus.ok
  }
  if (line.has('check')) {
    const { checkHosts } = await import('./hosts-check.ts')
    return checkHosts(target, preview.hosts, { api, context, signal, isJson: line.has('json') })
  }
  const [only, ...others] = preview.hosts
  if (only !== undefined && others.length === 0) {
    const details = await api.host(only)
    await print([details], detailsText(details))
    return exitStatus.ok
  }
  const { hosts } = await api.hosts()
  const known = new Map(hosts.map((host) => [host.name, host]))
  const chosen = preview.hosts.map((name) => known.get(name) ?? unknownHost(name))
  await print(chosen, hostsText(chosen))
  return exitStatus.ok
}

/** Throws `bad-target` for what the server has told of the expression. */
export async function previewOf(
  api: Pick<FarglassApi, 'target'>,
  target: string,
): Promise<TargetPreview> {
  const preview = await api.target(target)
  const { complaint } = preview
  if (complaint === undefined) return preview
  throw new AppError('bad-target', complaint.message, { hint: complaint.hint })
}

async function printAll(
  { hosts, runs, complaints }: HostList,
  {
    print,
    context,
  }: {
    readonly print: (values: readonly object[], text: string) => Promise<void>
    readonly context: CliContext
  },
): Promise<void> {
  await print(hosts, hostsText(hosts))
  for (const complaint of complaints) await context.say(displayText(complaint))
  if (hosts.length === 0) {
    await context.say(`the inventory has no host, and the newest ${runs} runs have none either.`)
  }
}

function unknownHost(name: string): HostEntry {
  const nothing = { config: null, destination: null, note: null, check: null, lastRun: null }
  return { name, sources: [], groups: [], tags: [], ...nothing }
}

function jsonLines(values: readonly object[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('')
}
