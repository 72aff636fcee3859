/** What `farglass doctor` looks at, one function each. */
import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  openSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { sshVersion, versionNumber } from '../../adapters/openssh/ssh-version.ts'
import { openSqliteStore } from '../../adapters/sqlite/sqlite-store.ts'
import { parseDestination } from '../../shared/destination.ts'
import { errorTable, toAppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import { noteKind } from '../../shared/note.ts'
import { ensureDataDirectory } from '../data-directory.ts'
import { findServer } from '../server-record.ts'
import { UsageError } from '../usage-error.ts'
import type { CommandLine } from './command-line.ts'
import {
  connect,
  dataDirectoryOf,
  environment,
  findAnsweringServer,
  namedServer,
} from './connect.ts'
import type { CliContext } from './context.ts'
import { checkInventory } from './doctor-inventory.ts'
import { checkKnownHosts } from './doctor-known-hosts.ts'
import { checkKeptRuns } from './kept-runs.ts'
import { removeRun, type ShortRunEnd, shortRun } from './short-run.ts'

/** What fails says what to do. */
export type Finding =
  | { readonly ok: true; readonly text: string; readonly hint?: string }
  | { readonly ok: false; readonly text: string; readonly hint: string }

type Check = (line: CommandLine, host: string | undefined) => Finding | Promise<Finding>

export const checks: readonly (readonly [name: string, check: Check])[] = [
  ['node', checkNode],
  ['ssh', checkSsh],
  ['ssh_config', checkSshConfig],
  ['known_hosts', checkKnownHosts],
  ['inventory', checkInventory],
  ['data directory', checkDataDirectory],
  ['disk', checkDisk],
  ['store', checkStore],
  ['server', checkServer],
]

function checkNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const text = `${process.version} on ${process.platform} ${process.arch}`
  if (major > 20 || (major === 20 && minor >= 19)) return { ok: true, text }
  return { ok: false, text: `${text} is too old.`, hint: 'Install Node 20.19 or newer.' }
}

async function checkSsh(): Promise<Finding> {
  const version = await sshVersion()
  if (version !== null && versionNumber(version) >= oldestSsh) return { ok: true, text: version }
  if (version !== null) {
    const text = `${version} cannot share a connection as Farglass needs it.`
    return { ok: false, text, hint: 'Install OpenSSH 7.4 or newer.' }
  }
  return {
    ok: false,
    text: 'there is no ssh to run.',
    hint: 'Install it: apt-get install openssh-client.',
  }
}

/** The proxy mode of the control socket came with 7.4. */
const oldestSsh = 704

function checkSshConfig(line: CommandLine): Finding {
  const given = line.value('ssh-config') ?? environment('FARGLASS_SSH_CONFIG')
  const file = given ?? join(homedir(), '.ssh', 'config')
  const why = cannot(() => accessSync(file, constants.R_OK))
  if (why === undefined) return { ok: true, text: file }
  if (given === undefined && why.code === 'ENOENT')
    return { ok: true, text: `${file} is not there; ssh does without.` }
  return {
    ok: false,
    text: `${file} cannot be read (${why.code}).`,
    hint: 'Correct its owner and rights, or give another one with --ssh-config FILE.',
  }
}

function checkDataDirectory(line: CommandLine): Finding {
  const data = dataDirectoryOf(line)
  const probe = join(data.path, `probe-${process.pid}`)
  try {
    ensureDataDirectory(data)
    closeSync(openSync(probe, 'w', 0o600))
    rmSync(probe)
    return { ok: true, text: `${data.path} can be written.` }
  } catch (thrown) {
    const error = toAppError(thrown)
    const isOurs = error.code === 'store-failed'
    return {
      ok: false,
      text: isOurs ? error.message : `${data.path} cannot be written.`,
      hint: 'Correct its owner and rights, or give another one with --data DIR.',
    }
  }
}

/** Each batch of lines is shown one sync after it came. */
const slowSyncMs = 50
const syncTries = 20

function checkDisk(line: CommandLine): Finding {
  const { path } = dataDirectoryOf(line)
  try {
    const { bavail, bsize } = statfsSync(path)
    const syncMs = medianSyncMs(join(path, `probe-${process.pid}`))
    const free = `${((Number(bavail) * Number(bsize)) / 2 ** 30).toFixed(1)} GiB free`
    const text = `${free}; one sync takes ${syncMs.toFixed(1)} ms, and so long a line waits to be shown`
    if (bavail * bsize < limits.freeDiskBytesMin) {
      return { ok: false, text, hint: 'Make room, or give another disk with --data DIR.' }
    }
    if (syncMs <= slowSyncMs) return { ok: true, text }
    return {
      ok: true,
      text,
      hint: 'That is slow: "farglass serve --sync interval" shows lines sooner.',
    }
  } catch {
    return {
      ok: false,
      text: `nothing can be measured in ${path}.`,
      hint: 'See the data directory above.',
    }
  }
}

function medianSyncMs(file: string): number {
  const descriptor = openSync(file, 'w', 0o600)
  try {
    const times = Array.from({ length: syncTries }, () => {
      writeSync(descriptor, Buffer.alloc(4_096, 'x'))
      const start = performance.now()
      fsyncSync(descriptor)
      return performance.now() - start
    })
    return times.toSorted((a, b) => a - b)[syncTries / 2] ?? 0
  } finally {
    closeSync(descriptor)
    rmSync(file, { force: true })
  }
}

const damagedShownMax = 10

async function checkStore(line: CommandLine): Promise<Finding> {
  try {
    await using store = await openSqliteStore({
      directory: dataDirectoryOf(line).path,
      sync: 'full',
    })
    const unfinished = await store.catalog.unfinished()
    const { batches, damaged } = await store.verify()
    const text = `opens; ${unfinished.length} runs have not ended; ${batches} batches read`
    if (damaged.length === 0) return { ok: true, text: `${text}, all as they were written.` }
    const shown = damaged.slice(0, damagedShownMax)
    const places = shown.map(({ run, from, to }) => `${from} to ${to - 1} of ${run}`).join(', ')
    const more = damaged.length > shown.length ? ` and ${damaged.length - shown.length} more` : ''
    return {
      ok: false,
      text: `${text}, and the disk has damaged the lines ${places}${more}.`,
      hint: 'They show as gaps, all others can be read. Check the disk; a backup of farglass.sqlite would have them.',
    }
  } catch (thrown) {
    const error = toAppError(thrown)
    return { ok: false, text: error.message, hint: error.hint }
  }
}

async function checkServer(line: CommandLine): Promise<Finding> {
  if (namedServer(line) !== undefined) return checkNamedServer(line)
  const data = dataDirectoryOf(line)
  const url = await findAnsweringServer(data)
  if (url !== undefined)
    return { ok: true, text: `runs at ${url}; link to sign in: ${data.linkFile}` }
  const note = findServer(data)
  if (note === undefined) return { ok: true, text: 'none runs here; commands work by themselves.' }
  return {
    ok: false,
    text: `process ${note.pid} should answer at ${note.url}, and does not.`,
    hint: 'Look at what it prints, or end it.',
  }
}

/** The one that commands would talk to: whether it answers, and takes our token. */
async function checkNamedServer(line: CommandLine): Promise<Finding> {
  try {
    await using connection = await connect(line)
    await connection.api.list({ limit: 1 })
    return { ok: true, text: `answers at ${connection.server ?? ''}, and takes the token.` }
  } catch (thrown) {
    if (thrown instanceof UsageError) throw thrown
    const { message, hint } = toAppError(thrown)
    return { ok: false, text: message, hint }
  }
}

/** Connects for real, with the command `true` as a durable run, and tells what came of it and what is kept there. */
export async function checkHost(
  line: CommandLine,
  host: string,
  context: CliContext,
): Promise<readonly Finding[]> {
  parseDestination(host)
  try {
    return await lookAt(line, host, context)
  } catch (thrown) {
    if (thrown instanceof UsageError) throw thrown
    const { message, hint } = toAppError(thrown)
    return [{ ok: false, text: message, hint }]
  }
}

async function lookAt(
  line: CommandLine,
  host: string,
  context: CliContext,
): Promise<readonly Finding[]> {
  await using connection = await connect(line)
  const { api } = connection
  const start = performance.now()
  const source = { kind: 'command', command: 'true' } as const
  const end = await shortRun({ api, context, request: { target: host, source } })
  const found = hostFinding(end, host, performance.now() - start)
  if (!found.ok) return [found]
  const kept = await checkKeptRuns({ api, context, host })
  // Until here it had to be known: its own directory may still be on its way out.
  await removeRun(api, end)
  return [found, kept]
}

function hostFinding({ task, notes }: ShortRunEnd, host: string, ms: number): Finding {
  const hint = `More is told by: ssh -v ${host} true`
  if (task === undefined) return { ok: false, text: 'the run did not end.', hint }
  if (task.state === 'ended' && task.exitCode === 0) {
    const text = `connected and ran "true" in ${Math.round(ms)} ms`
    if (task.mode === 'durable') return { ok: true, text: `${text}, as a durable run.` }
    const why = notes.find((note) => noteKind(note) === 'plain') ?? 'it cannot hold a durable run.'
    return { ok: true, text: `${text}, but not as a durable run.`, hint: why }
  }
  if (task.message === null) {
    const text = `connected, but "true" ended with ${task.signal ?? `exit code ${task.exitCode}`}.`
    return { ok: false, text, hint: 'Look at the login shell of the user, and at what it reads.' }
  }
  // The message of a task has its hint behind it.
  const known = task.code === null ? '' : errorTable[task.code].hint
  const isApart = known !== '' && task.message.endsWith(` ${known}`)
  if (!isApart) return { ok: false, text: task.message, hint }
  return { ok: false, text: task.message.slice(0, -known.length - 1), hint: known }
}

function cannot(action: () => void): { readonly code: string } | undefined {
  try {
    action()
    return undefined
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown'
    return { code }
  }
}
