/** Turns a request into a run, or refuses it. */
import { AppError } from '../../shared/errors.ts'
import type { RunRequest } from '../../shared/protocol/requests.ts'
import type { Mode, Run, RunId, SavedUse, Source } from '../../shared/run.ts'
import { planOf, type RunOrder } from '../../shared/run-plan.ts'
import { hostsWithValues, sourceOn } from '../../shared/saved-use.ts'
import { sourceComplaint } from '../../shared/source.ts'
import { isoTime } from '../../shared/time.ts'
import type { RunSecrets } from '../secrets/run-secrets.ts'
import type { RunHost } from './run-hosts.ts'
import type { StartRun } from './run-service.ts'
import { newTask } from './task-state.ts'

/** As it is before anything has begun, with one task for each host. */
export function newRun(
  request: RunRequest,
  hosts: readonly RunHost[],
  { id, now, random, secrets }: NewRun,
): Run {
  const { target, source, mode, merged } = request
  const held = source.kind === 'command' ? (mode ?? 'durable') : followMode
  const plan = planOf(request, source, hosts.length)
  const tasks = inOrder(hosts, plan.order, random).map((host, at) => ({
    ...newTask(at, host.host, held),
    ...host,
  }))
  return {
    id,
    target,
    source,
    mode: held,
    merged: merged ?? false,
    plan,
    ...secretFields(secrets),
    state: 'queued',
    outcome: null,
    lines: 0,
    first: 0,
    next: 0,
    epoch: 1,
    gaps: 0,
    lost: 0,
    duplicated: 0,
    epochs: [],
    reset: null,
    paused: null,
    pinned: false,
    removed: null,
    createdAt: isoTime(now),
    endedAt: null,
    tasks,
  }
}

/** What the run was made from, and by what. */
export function originOf({
  saved,
  rerunOf,
  startedBy,
}: StartRun): Pick<Run, 'saved' | 'rerunOf' | 'startedBy'> {
  return {
    ...(saved && { saved }),
    ...(rerunOf && { rerunOf }),
    ...(startedBy && { startedBy }),
  }
}

/** Names, and whether it is run by sudo. */
function secretFields(secrets: RunSecrets | undefined): Pick<Run, 'secretNames' | 'sudo'> {
  if (secrets === undefined) return {}
  const { variables, sudo } = secrets.values
  return {
    ...(variables.size === 0 ? {} : { secretNames: [...variables.keys()] }),
    ...(sudo === undefined ? {} : { sudo: true }),
  }
}

interface NewRun {
  readonly id: RunId
  /** Milliseconds since 1970. */
  readonly now: number
  /** From 0 to 1. */
  readonly random: () => number
  /** Their names alone become part of it. */
  readonly secrets?: RunSecrets | undefined
}

/** The order is that of the tasks, so that it is stored with them. */
function inOrder(
  hosts: readonly RunHost[],
  order: RunOrder,
  random: () => number,
): readonly RunHost[] {
  switch (order) {
    case 'given':
      return hosts
    case 'sorted':
      return hosts.toSorted((a, b) => byName.compare(a.host, b.host))
    case 'shuffled': {
      const places = hosts.map((host) => ({ host, place: random() }))
      return places.toSorted((a, b) => a.place - b.place).map(({ host }) => host)
    }
  }
}

/** `web-2` before `web-10`, whatever language the machine speaks. */
const byName = new Intl.Collator('en', { numeric: true })

/** How a followed source is held: it lies on the host anyway, and nobody chooses that. */
const followMode: Mode = 'durable'

/** Not every caller has a schema before it: the engine inside the command line has none. */
export function checkRequest({ request, saved }: Pick<StartRun, 'request' | 'saved'>): void {
  const { source, mode, merged, batch } = request
  for (const each of sourcesOf(source, saved)) {
    const found = sourceComplaint(each)
    if (found === undefined) continue
    const code = source.kind === 'command' ? 'bad-command' : 'bad-source'
    throw new AppError(code, `${found.subject} ${found.complaint}.`)
  }
  if (source.kind === 'command') return
  if ((mode !== undefined && mode !== followMode) || merged === true) {
    throw new AppError('bad-request', 'Only a command has a mode or can be merged.', {
      hint: 'Leave "mode" and "merged" out for what is followed.',
    })
  }
  if (batch !== undefined) {
    throw new AppError(
      'bad-request',
      'What is followed has no end, so no next batch would begin.',
      {
        hint: 'Leave "batch" out for what is followed.',
      },
    )
  }
}

/** Where each host has values of its own, what each of them reads. */
function sourcesOf(source: Source, saved: SavedUse | undefined): readonly Source[] {
  const hosts = saved === undefined ? [] : hostsWithValues(saved)
  if (saved === undefined || hosts.length === 0) return [source]
  return hosts.map((host) => sourceOn(host, { source, saved }))
}
