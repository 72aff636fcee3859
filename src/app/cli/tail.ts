/** `farglass tail TARGET:PATH…`: follows files on hosts and prints their lines as they are written. */
import { limits } from '../../shared/limits.ts'
import type { RunRequest } from '../../shared/protocol/requests.ts'
import { sourceComplaint } from '../../shared/source.ts'
import { parseTarget } from '../../shared/target.ts'
import { carryRun } from './carry-run.ts'
import { type CommandLine, type CommandSpec, parseCommandLine, usage } from './command-line.ts'
import { printingFlags, startingFlags } from './common-flags.ts'
import { connect, connectionFlags } from './connect.ts'
import type { CliContext } from './context.ts'
import { detach } from './detach.ts'
import { parseTailWord, type TailWord } from './tail-word.ts'

export const spec: CommandSpec = {
  name: 'tail',
  usage: 'TARGET:PATH… | TARGET --journal UNIT | TARGET --container NAME',
  summary: 'follow files, journals or containers on hosts, and print their lines',
  flags: {
    lines: {
      value: 'N',
      help: `begin with the last N lines of each (default ${limits.followedLinesDefault})`,
    },
    journal: { value: 'UNIT', help: 'follow the journal of this systemd unit instead of files' },
    container: { value: 'NAME', help: 'follow the output of this container of Docker or Podman' },
    ...startingFlags,
    ...printingFlags,
    ...connectionFlags,
  },
  examples: [
    ['farglass tail web-1:/var/log/syslog', 'one file: its lines as they are'],
    [
      "farglass tail 'web-1,web-2:/var/log/nginx/*.log'",
      'two hosts, all that matches now or later: "host file │ text"',
    ],
    ['farglass tail web-1,web-2 --journal nginx.service', 'the journal of a unit on two hosts'],
    ['farglass tail web-1,web-2 --container shop', 'stdout and stderr of a container on two hosts'],
    ['farglass tail web-1:app.log web-1:/var/log/auth.log --lines 0', 'two files, from now on'],
  ],
  notes: [
    'A file is followed by what it holds, not by its name: over rename, copytruncate, packing (gzip, xz, zstd, bzip2), rotation by date, late writes and cut connections each line comes once. What cannot be had is told as a gap.',
    'Patterns are for the host: quote them. Files that match later are read from their start. A path that does not begin with / or ~/ begins in the home directory of the user.',
    'Ctrl-C stops following. Exit status: 130 after Ctrl-C; 255 when a connection fails or is lost for good; 2 when this command line is wrong.',
  ],
}

export async function run(args: readonly string[], context: CliContext): Promise<number> {
  const line = parseCommandLine(spec, args)
  const request = requestOf(line)
  await using connection = await connect(line)
  if (line.has('detach')) {
    const start = () => connection.api.start(request)
    return await detach({ context, line, connection, how: request, start })
  }
  const started = await connection.api.start(request)
  return await carryRun({ context, line, connection, started })
}

function requestOf(line: CommandLine): RunRequest {
  if (line.rest !== undefined) throw usage(spec, '"farglass tail" takes no command after "--"')
  const named = namedSource(line)
  if (named !== undefined) return named
  const words = line.words.map((word) => parseTailWord(spec, word))
  if (words.length === 0) throw usage(spec, '"farglass tail" needs a TARGET:PATH')
  const { target, paths } = oneRun(words)
  return checked({ target, source: { kind: 'files', paths, ...linesOf(line) } })
}

/** What is followed by its name, and not by paths. */
function namedSource(line: CommandLine): RunRequest | undefined {
  const unit = line.value('journal')
  const name = line.value('container')
  if (unit === undefined && name === undefined) return undefined
  if (unit !== undefined && name !== undefined) {
    throw usage(spec, 'One "farglass tail" follows a journal or a container')
  }
  const target = line.words.join(',')
  const flag = unit === undefined ? '--container' : '--journal'
  if (target === '') throw usage(spec, `"farglass tail ${flag}" needs a TARGET`)
  const lines = linesOf(line)
  if (unit !== undefined) return checked({ target, source: { kind: 'journal', unit, ...lines } })
  return checked({ target, source: { kind: 'container', name: name ?? '', ...lines } })
}

function checked(request: RunRequest): RunRequest {
  parseTarget(request.target)
  const found = sourceComplaint(request.source)
  if (found !== undefined) throw usage(spec, `${found.subject} ${found.complaint}`)
  return request
}

/** Words of one target are its files; several targets are one when each has the same files. */
function oneRun(words: readonly TailWord[]): { target: string; paths: readonly string[] } {
  const pathsOf = new Map<string, string[]>()
  for (const { target, path } of words) {
    pathsOf.set(target, [...(pathsOf.get(target) ?? []), path])
  }
  const [[first, paths] = ['', []], ...others] = pathsOf
  for (const [target, theirs] of others) {
    if (theirs.toSorted().join('\n') === paths.toSorted().join('\n')) continue
    throw usage(
      spec,
      `${target} is to follow other files than ${first}: give each such target a "farglass tail" of its own`,
    )
  }
  return { target: [...pathsOf.keys()].join(','), paths }
}

function linesOf(line: CommandLine): { lines?: number } {
  const text = line.value('lines')
  if (text === undefined) return {}
  const lines = Number(text)
  if (/^[0-9]{1,6}$/.test(text) && lines <= limits.followedLinesMax) return { lines }
  throw usage(spec, `--lines: "${text}" is not a number from 0 to ${limits.followedLinesMax}`)
}
