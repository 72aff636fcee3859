/** What is kept on a host of durable runs that nobody here knows: listed, never removed. */
import type { FarglassApi } from '../../client/api.ts'
import { spoolPath } from '../../core/remote/spool.ts'
import { toAppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import type { CliContext } from './context.ts'
import type { Finding } from './doctor-checks.ts'
import { removeRun, shortRun } from './short-run.ts'

export interface KeptRuns {
  readonly api: FarglassApi
  readonly context: CliContext
  readonly host: string
}

/** Compares what is kept on the host with the runs that the server, or the data directory, knows. */
export async function checkKeptRuns({ api, context, host }: KeptRuns): Promise<Finding> {
  const source = { kind: 'command', command: listing } as const
  const end = await shortRun({ api, context, request: { target: host, source, mode: 'plain' } })
  await removeRun(api, end)
  const { task, lines } = end
  if (task?.state !== 'ended' || task.exitCode !== 0) {
    const hint = `Look yourself: ssh ${host} ls .local/state/farglass/runs`
    return { ok: false, text: 'what is kept there of durable runs cannot be listed.', hint }
  }
  const kept = lines.flatMap((line) => toKept(line) ?? [])
  const known = new Map<string, boolean>()
  for (const { run } of kept) known.set(run, known.get(run) ?? (await isKnown(api, run)))
  const foreign = kept.filter(({ run }) => known.get(run) === false)
  if (foreign.length === 0) return { ok: true, text: ownText(kept.length) }
  const shown = foreign
    .slice(0, shownMax)
    .map(({ name, state, kib }) => `${name} (${state}, ${kib} KiB)`)
  const more = foreign.length > shown.length ? `, and ${foreign.length - shown.length} more` : ''
  return {
    ok: true,
    text: `output of ${foreign.length} ${foreign.length === 1 ? 'task' : 'tasks'} of no run that is known here: ${shown.join(', ')}${more}`,
    hint: `They may be of another Farglass that signs in as the same user. What has ended goes by itself ${limits.spoolAgeDays} days later; to remove one now: ssh ${host} rm '.local/state/farglass/runs/NAME.*'`,
  }
}

const shownMax = 10

/** The name of each spool, its size in KiB, and what became of its command. */
const listing = `${spoolPath('')}
[ -n "$_fg_d" ] || exit 0
cd "$_fg_d" 2>/dev/null || exit 0
for file in r*.state; do
[ -e "$file" ] || continue
name=\${file%.state} state=open
while read -r word rest; do case $word in ended|never) state=ended ;; esac; done <"$file"
echo "$name $(du -ck "$name".* | { while read -r kib rest; do total=$kib; done; echo "$total"; }) $state"
done`

interface Kept {
  readonly name: string
  readonly run: string
  readonly kib: string
  readonly state: 'ended' | 'not ended'
}

/** Undefined for what is no spool: the text is the host's. */
function toKept(line: string): Kept | undefined {
  const [, name = '', run = '', kib = '', state] =
    /^((r[a-z0-9]{25})\.[0-9]{1,6}) ([0-9]{1,12}) (open|ended)$/.exec(line) ?? []
  if (name === '') return undefined
  return { name, run, kib, state: state === 'ended' ? 'ended' : 'not ended' }
}

async function isKnown(api: FarglassApi, run: string): Promise<boolean> {
  try {
    await api.get(run)
    return true
  } catch (thrown) {
    const error = toAppError(thrown)
    if (error.code === 'not-found') return false
    throw error
  }
}

function ownText(count: number): string {
  if (count === 0) return 'nothing is kept there of durable runs.'
  return `output of ${count} ${count === 1 ? 'task' : 'tasks'}, each of a run that is known here.`
}
