/** `farglass rerun RUN`: runs again what was run, on all of its hosts or on those that failed. */
import type { RunRequest } from '../../shared/protocol/requests.ts'
import type { RerunHosts, RerunRequest } from '../../shared/protocol/rerun.ts'
import type { Run } from '../../shared/run.ts'
import { carryRun } from './carry-run.ts'
import {
  type CommandLine,
  type CommandSpec,
  oneWord,
  parseCommandLine,
  usage,
} from './command-line.ts'
import { printingFlags, startingFlags } from './common-flags.ts'
import { confirmed, confirmFlags } from './confirmed.ts'
import { connect, connectionFlags } from './connect.ts'
import type { CliContext } from './context.ts'
import { detach } from './detach.ts'
import { groupedBy, groupingFlags } from './grouping-flags.ts'
import { planFields, planFlags } from './plan-flags.ts'
import { idIn } from './run-id.ts'
import { secretFields, secretFlags, sudoPasswordFlag, sudoPasswordOf } from './secret-flags.ts'

export const spec: CommandSpec = {
  name: 'rerun',
  usage: 'RUN [-- NEW COMMAND…]',
  summary: 'run again what was run, on all of its hosts or on those that failed',
  flags: {
    failed: { value: null, help: 'only on hosts that have failed, were lost or timed out' },
    'not-succeeded': { value: null, help: 'on these and on those that were never started' },
    ...planFlags,
    ...secretFlags,
    ...sudoPasswordFlag,
    ...confirmFlags,
    ...startingFlags,
    ...printingFlags,
    ...groupingFlags,
    ...connectionFlags,
  },
  examples: [
    ['farglass rerun rabc…', 'the same command on the same target'],
    ['farglass rerun rabc… --failed', 'only where it has failed'],
    ['farglass rerun rabc… --failed -- ./repair.sh', 'another command there'],
    ['farglass rerun rabc… --not-succeeded --batch 1', 'the rest of a run that was broken off'],
  ],
  notes: [
    'What no flag says is as it was: mode, hosts at once, batches, times, order. Without --failed the target is looked up anew, so a group has the hosts of now.',
    'Secrets are kept nowhere once a run has ended: give each again by --secret. Secret parameters of a saved command are kept nowhere: start it by "farglass run --saved" instead.',
    'Exit status, Ctrl-C and output are those of "farglass run".',
  ],
}

export async function run(args: readonly string[], context: CliContext): Promise<number> {
  const line = parseCommandLine(spec, args)
  const id = idIn(spec, oneWord(spec, line, 'the id of a RUN'))
  const request = { ...requestOf(line), ...(await secretFields(spec, line)) }
  const sudoPassword = sudoPasswordOf(line)
  const grouped = groupedBy(spec, line)
  await using connection = await connect(line)
  const { api } = connection
  const start = () => confirmed(line, (fields) => api.rerun(id, { ...request, ...fields }))
  if (line.has('detach')) {
    const how = { ...howOf(await api.get(id)), ...request }
    return await detach({ context, line, connection, how, start, sudoPassword })
  }
  const started = await start()
  return await carryRun({ context, line, connection, started, grouped, sudoPassword })
}

function requestOf(line: CommandLine): RerunRequest {
  const command = line.rest?.join(' ')
  if (command?.trim() === '') throw usage(spec, 'The new command after "--" is missing')
  const hosts = hostsOf(line)
  return {
    ...(hosts === undefined ? {} : { hosts }),
    ...(command === undefined ? {} : { source: { kind: 'command', command } }),
    ...planFields(spec, line),
  }
}

function hostsOf(line: CommandLine): RerunHosts | undefined {
  if (line.has('failed') && line.has('not-succeeded')) {
    throw usage(spec, '--failed and --not-succeeded exclude each other')
  }
  if (line.has('failed')) return 'failed'
  return line.has('not-succeeded') ? 'not-succeeded' : undefined
}

function howOf({ mode, plan }: Run): Pick<RunRequest, 'mode' | 'timeoutMs' | 'taskTimeoutMs'> {
  const { timeoutMs, taskTimeoutMs } = plan
  return { mode, timeoutMs: timeoutMs ?? undefined, taskTimeoutMs: taskTimeoutMs ?? undefined }
}
