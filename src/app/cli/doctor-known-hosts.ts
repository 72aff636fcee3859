/** `farglass doctor`: the files of host keys that ssh knows, those of a host when one is named. */
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { knownHostsFiles } from '../../adapters/openssh/resolve-destination.ts'
import { type Destination, parseDestination } from '../../shared/destination.ts'
import type { CommandLine } from './command-line.ts'
import { connect, environment } from './connect.ts'
import type { Finding } from './doctor-checks.ts'

/** Those that ssh names for the host; without one, or when ssh cannot say, the usual one. */
export async function checkKnownHosts(line: CommandLine, host?: string): Promise<Finding> {
  const usual = join(homedir(), '.ssh', 'known_hosts')
  const files = (host === undefined ? null : await filesFor(line, host)) ?? [usual]
  const read = files.map((file) => ({ file, ...entriesIn(file) }))
  const broken = read.find(({ problem }) => problem !== undefined && problem !== 'ENOENT')
  if (broken !== undefined) {
    return {
      ok: false,
      text: `${broken.file} cannot be read (${broken.problem}), so no host key can be checked.`,
      hint: 'Correct its owner and rights, or UserKnownHostsFile in ssh_config.',
    }
  }
  const [first] = files
  if (first === undefined) {
    return { ok: true, text: 'ssh_config names no file for this host: no host key is remembered.' }
  }
  const texts = read.flatMap(({ file, count }) =>
    count === undefined ? [] : [`${file}, ${count === 1 ? '1 entry' : `${count} entries`}`],
  )
  if (texts.length > 0) return { ok: true, text: texts.join('; ') }
  // ssh writes new keys to the first.
  return { ok: true, text: `${first} is not there yet; every host key will be asked for.` }
}

async function filesFor(line: CommandLine, host: string): Promise<readonly string[] | null> {
  const config = line.value('ssh-config') ?? environment('FARGLASS_SSH_CONFIG')
  const configArgs = config === undefined ? [] : ['-F', resolve(config)]
  return knownHostsFiles(await placeOf(line, host), configArgs)
}

/** Where ssh goes for it, which the inventory may say. */
async function placeOf(line: CommandLine, host: string): Promise<Destination> {
  const asWritten = parseDestination(host)
  try {
    await using connection = await connect(line)
    const { destination } = await connection.api.host(host)
    return destination === null ? asWritten : parseDestination(destination)
  } catch {
    // What is wrong there has rows of its own.
    return asWritten
  }
}

interface Entries {
  readonly count?: number
  /** Code of what went wrong. */
  readonly problem?: string
}

function entriesIn(file: string): Entries {
  try {
    const lines = readFileSync(file, 'utf8').split('\n')
    return { count: lines.filter((each) => each.trim() !== '').length }
  } catch (thrown) {
    return {
      problem: thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown',
    }
  }
}
