/** Flags that say whether and how output that hosts have alike is printed once. */
import { type MaskName, maskNames } from '../../shared/line-mask.ts'
import { type CommandLine, type CommandSpec, type FlagSpec, usage } from './command-line.ts'

/** Of every command that prints the lines of a run to its end. */
export const groupingFlags: Readonly<Record<string, FlagSpec>> = {
  group: {
    value: null,
    help: 'print at the end, once, what several hosts have printed alike (as "clush -b")',
  },
  diff: {
    value: null,
    help: 'with --group: of hosts that differ, what differs from the output of most',
  },
  mask: {
    value: maskNames.join(','),
    help: "with --group: what does not count: the host's own name, dates and times, numbers",
  },
}

/** How groups are printed. */
export interface Grouped {
  /** Print what differs from the reference instead of all. */
  readonly diff: boolean
  /** One object for each group. */
  readonly json: boolean
  /** Send a terminal the texts as they are. */
  readonly raw: boolean
  /** What of the lines does not count. */
  readonly masks: readonly MaskName[]
}

/** Null when nothing is to be grouped. Throws a UsageError for what cannot go with it. */
export function groupedBy(spec: CommandSpec, line: CommandLine): Grouped | null {
  if (!line.has('group')) {
    const alone = ['diff', 'mask'].find((flag) => line.has(flag))
    if (alone !== undefined) throw usage(spec, `--${alone} counts only with --group`)
    return null
  }
  const other = ['detach', 'from', 'last'].find((flag) => line.has(flag))
  if (other !== undefined) throw usage(spec, `--group and --${other} exclude each other`)
  const [diff, json, raw] = [line.has('diff'), line.has('json'), line.has('raw')]
  if (diff && json) throw usage(spec, '--diff and --json exclude each other')
  return { diff, json, raw, masks: masksOf(spec, line) }
}

/** Of the flag as often as it is given, each at most once. */
function masksOf(spec: CommandSpec, line: CommandLine): readonly MaskName[] {
  const words = line.values('mask').flatMap((list) => list.split(','))
  for (const word of words) {
    if (maskNames.some((name) => name === word)) continue
    throw usage(spec, `--mask: "${word}" is not one of ${maskNames.join(', ')}`)
  }
  return maskNames.filter((name) => words.includes(name))
}
