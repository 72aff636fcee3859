/** A schedule while it is written. */
import type { Schedule } from '../../../shared/protocol/schedules.ts'
import { pairsOf, pairsText } from './text-lists.ts'

export interface ScheduleDraft {
  readonly name: string
  readonly enabled: boolean
  readonly cron: string
  readonly timeZone: string
  readonly starts: 'command' | 'saved'
  readonly target: string
  readonly command: string
  readonly saved: string
  readonly parameters: string
  readonly missed: Schedule['missed']
  readonly overlap: Schedule['overlap']
}

export const emptySchedule: ScheduleDraft = {
  name: '',
  enabled: true,
  cron: '',
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  starts: 'command',
  target: '',
  command: '',
  saved: '',
  parameters: '',
  missed: 'skip',
  overlap: 'skip',
}

export function scheduleDraftOf(schedule: Schedule): ScheduleDraft {
  const { name, enabled, cron, timeZone, start, missed, overlap } = schedule
  const { saved, source, target = '' } = start
  return {
    name,
    enabled,
    cron,
    timeZone,
    missed,
    overlap,
    target,
    starts: saved === undefined ? 'command' : 'saved',
    command: source?.kind === 'command' ? source.command : '',
    saved: saved?.name ?? '',
    parameters: pairsText(saved?.parameters ?? {}),
  }
}

/** Whether it starts what this form cannot show: then only its times are changed here. */
export function followsSource(schedule: Schedule | null): boolean {
  const kind = schedule?.start.source?.kind
  return kind !== undefined && kind !== 'command'
}

/** Who has agreed to what it starts has done so for what is stored now. */
export function scheduleBody(
  draft: ScheduleDraft,
  before: Schedule | null,
  sure: { readonly confirm?: true } = {},
): object {
  const { enabled, cron, timeZone, missed, overlap, target } = draft
  const { source: _, saved: __, target: ___, confirm: ____, ...rest } = before?.start ?? {}
  const where = target.trim() === '' ? {} : { target: target.trim() }
  const start = followsSource(before) ? before?.start : { ...rest, ...where, ...whatOf(draft) }
  const times = { cron: cron.trim(), timeZone: timeZone.trim() }
  return { enabled, ...times, missed, overlap, start: { ...start, ...sure } }
}

function whatOf({ starts, command, saved, parameters }: ScheduleDraft): object {
  if (starts === 'command') return { source: { kind: 'command', command } }
  const values = Object.fromEntries(pairsOf(parameters))
  return { saved: { name: saved, ...(parameters.trim() !== '' && { parameters: values }) } }
}
