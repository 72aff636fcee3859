/** `farglass retention`: how long runs are kept, shown and changed; what a change removes is said first. */
import type { RetentionApi } from '../../client/retention-api.ts'
import {
  ageText,
  keepsAll,
  type RetentionPolicy,
  type RetentionPreview,
  type RunBounds,
  sizeText,
} from '../../shared/retention.ts'
import { parseAge } from './age.ts'
import { type CommandLine, type CommandSpec, parseCommandLine, usage } from './command-line.ts'
import { connect, connectionFlags } from './connect.ts'
import type { CliContext } from './context.ts'
import { exitStatus } from './exit-status.ts'

export const spec: CommandSpec = {
  name: 'retention',
  usage: 'show | set',
  summary: 'show or change how long runs are kept',
  flags: {
    age: { value: 'AGE', help: 'lines of a run go this long after its end: 30d, 12h' },
    runs: { value: 'N', help: 'the oldest lines go while more runs than this have theirs' },
    size: { value: 'SIZE', help: 'the oldest go while the output of all is more: 500M, 10G' },
    'rows-age': { value: 'AGE', help: 'the run goes from the list too, this long after its end' },
    saved: { value: 'NAME', help: '--age and --runs are for the runs of this saved command' },
    'no-rule': { value: null, help: 'the saved command has no rule of its own any more' },
    anew: {
      value: null,
      help: 'begin with no bound at all: also where the stored policy cannot be read',
    },
    'dry-run': { value: null, help: 'say what would be removed, change nothing' },
    json: { value: null, help: 'as JSON' },
    ...connectionFlags,
  },
  examples: [
    ['farglass retention show', 'what is kept, and for how long'],
    ['farglass retention set --age 30d --size 10G --dry-run', 'what that would remove'],
    ['farglass retention set --age 30d --rows-age 365d', 'lines for a month, the list for a year'],
    ['farglass retention set --saved backup --runs 50', 'another rule for one saved command'],
    ['farglass retention set --age off', 'no bound of that kind any more'],
    ['farglass retention set --anew --age 30d', 'this bound and no other, whatever was set before'],
  ],
  notes: [
    'What is not named stays as it is; "off" takes a bound away. At first everything is kept. With --anew what is not named is not bounded, rules of saved commands included; so a policy that cannot be read is replaced. --dry-run says what that would remove.',
    'A server removes what is due every few minutes; "set" does at once. Pinned runs stay, and do not count (farglass pin).',
    'A run whose lines were removed stays in the list and says when and why.',
  ],
}

export async function run(args: readonly string[], context: CliContext): Promise<number> {
  const line = parseCommandLine(spec, args)
  const [word = 'show', extra] = line.words
  if (extra !== undefined || line.rest !== undefined) throw usage(spec, 'that is one word too many')
  if (word !== 'show' && word !== 'set') throw usage(spec, `"farglass retention" has no "${word}"`)
  if (word === 'show' && line.has('anew')) throw usage(spec, '--anew goes with "set"')
  await using connection = await connect(line)
  const { retention } = connection
  if (word === 'set') await set({ retention, line, context })
  else {
    const now = await retention.policy()
    const text = line.has('json') ? `${JSON.stringify(now)}\n` : shownText(now)
    await context.output.write('out', text)
  }
  return exitStatus.ok
}

interface Setting {
  readonly retention: RetentionApi
  readonly line: CommandLine
  readonly context: CliContext
}

async function set({ retention, line, context }: Setting): Promise<void> {
  const wanted = changed(line.has('anew') ? keepsAll : await retention.policy(), line)
  const preview = await retention.preview(wanted)
  const isDry = line.has('dry-run')
  if (!isDry) await retention.save(wanted)
  if (line.has('json')) {
    const answer = { policy: wanted, isSaved: !isDry, preview }
    await context.output.write('out', `${JSON.stringify(answer)}\n`)
  } else await context.say(previewSentence(preview, isDry ? 'would remove' : 'removes'))
}

function changed(now: RetentionPolicy, line: CommandLine): RetentionPolicy {
  const ageMs = boundOf(line, 'age', parseAge)
  const runsMax = boundOf(line, 'runs', countOf)
  const bytesMax = boundOf(line, 'size', sizeOf)
  const rowAgeMs = boundOf(line, 'rows-age', parseAge)
  const bounds = {
    ...(ageMs !== undefined && { ageMs }),
    ...(runsMax !== undefined && { runsMax }),
  }
  const others = {
    ...(bytesMax !== undefined && { bytesMax }),
    ...(rowAgeMs !== undefined && { rowAgeMs }),
  }
  const name = line.value('saved')
  if (name === undefined) {
    if (line.has('no-rule')) throw usage(spec, '--no-rule goes with --saved')
    if (Object.keys({ ...bounds, ...others }).length === 0 && !line.has('anew')) {
      throw usage(spec, '"farglass retention set" needs a bound, as --age 30d')
    }
    return { ...now, ...bounds, ...others }
  }
  if (Object.keys(others).length > 0) throw usage(spec, '--saved goes with --age and --runs only')
  const saved = now.saved.filter((rule) => rule.name !== name)
  if (line.has('no-rule')) return { ...now, saved }
  const before = now.saved.find((rule) => rule.name === name) ?? { ageMs: null, runsMax: null }
  return { ...now, saved: [...saved, { ...before, ...bounds, name }] }
}

/** Undefined when it is not named, null for "off". */
function boundOf(
  line: CommandLine,
  flag: string,
  read: (text: string) => number | undefined,
): number | null | undefined {
  const text = line.value(flag)
  if (text === undefined) return undefined
  if (text === 'off') return null
  const value = read(text)
  if (value === undefined) throw usage(spec, `--${flag}: "${text}" is not such a bound, nor "off"`)
  return value
}

function countOf(text: string): number | undefined {
  return /^[1-9][0-9]{0,8}$/.test(text) ? Number(text) : undefined
}

function sizeOf(text: string): number | undefined {
  const [, count, unit = ''] = /^([1-9][0-9]{0,5})([KMGT])$/.exec(text) ?? []
  return count === undefined ? undefined : Number(count) * 1024 ** (1 + 'KMGT'.indexOf(unit))
}

function shownText(policy: RetentionPolicy): string {
  const { bytesMax, rowAgeMs, saved } = policy
  const rows = [
    ['all runs', boundsText(policy)],
    ['all together', bytesMax === null ? 'any size' : `at most ${sizeText(bytesMax)} of output`],
    ['the list', rowAgeMs === null ? 'has every run' : `has runs for ${ageText(rowAgeMs)}`],
    ...saved.map((rule) => [`runs of ${rule.name}`, boundsText(rule)]),
  ]
  const width = Math.max(...rows.map(([name = '']) => name.length))
  return rows.map(([name = '', text]) => `${name.padEnd(width)}  ${text}\n`).join('')
}

function boundsText({ ageMs, runsMax }: RunBounds): string {
  if (ageMs === null && runsMax === null) return 'keep their lines'
  const parts = [
    ...(ageMs === null ? [] : [`for ${ageText(ageMs)}`]),
    ...(runsMax === null ? [] : [`while they are among the newest ${runsMax}`]),
  ]
  return `keep their lines ${parts.join(', and ')}`
}

function previewSentence({ lines, rows, kept, pinned }: RetentionPreview, verb: string): string {
  const parts = [
    ...(lines.runs > 0 ? [`the lines of ${runsText(lines.runs)} (${sizeText(lines.bytes)})`] : []),
    ...(rows.runs > 0 ? [`${runsText(rows.runs)} from the list (${sizeText(rows.bytes)})`] : []),
  ]
  const what = parts.length === 0 ? 'nothing' : parts.join(' and ')
  const stays = `${runsText(kept.runs)} (${sizeText(kept.bytes)}) and ${pinned.runs} pinned`
  return `that ${verb} ${what}; lines stay of ${stays}.`
}

function runsText(count: number): string {
  return count === 1 ? '1 run' : `${count} runs`
}
