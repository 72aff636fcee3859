/** Writes a schedule: when, what it starts, and what becomes of times that cannot be met. */
import { type Signal, useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import type { Schedule } from '../../../shared/protocol/schedules.ts'
import { useApp } from '../../app/app-context.ts'
import { alertsText } from '../../i18n/alerts-text.ts'
import { Check, Field, SelectField } from '../../ui/field.tsx'
import { Problem, useProblem } from '../../ui/problem.tsx'
import { automationApi } from './automation-lists.ts'
import { EditorFrame } from './editor-frame.tsx'
import { NameField } from './name-field.tsx'
import {
  emptySchedule,
  followsSource,
  type ScheduleDraft,
  scheduleBody,
  scheduleDraftOf,
} from './schedule-draft.ts'
import { shortTime } from './short-time.ts'
import { SavedField, TargetField } from './start-fields.tsx'

export function ScheduleEditor({ schedule }: { readonly schedule: Schedule | null }): VNode {
  const app = useApp()
  const s = alertsText.value
  const draft = useSignal<ScheduleDraft>(
    schedule === null ? emptySchedule : scheduleDraftOf(schedule),
  )
  const set = (change: Partial<ScheduleDraft>): void => {
    draft.value = { ...draft.value, ...change }
  }
  const save = async (sure: { readonly confirm?: true }): Promise<string> => {
    const body = scheduleBody(draft.value, schedule, sure)
    const { name } = draft.value
    return (await automationApi(app).schedules.put(name, body, schedule?.version ?? 0)).name
  }
  const { name, enabled } = draft.value
  return (
    <EditorFrame tab="schedules" name={schedule?.name ?? null} save={save}>
      <fieldset class="editor-part">
        <NameField name={name} isNew={schedule === null} set={set} />
        <Check label={s.enabled} isOn={enabled} onChange={(isOn) => set({ enabled: isOn })} />
      </fieldset>
      <Times draft={draft} set={set} schedule={schedule} />
      {!followsSource(schedule) && <Start draft={draft} set={set} />}
      <Policies draft={draft} set={set} />
    </EditorFrame>
  )
}

interface PartProps {
  readonly draft: Signal<ScheduleDraft>
  readonly set: (change: Partial<ScheduleDraft>) => void
}

/** On the clock of the zone that they were asked for: the one that is typed meanwhile may be none. */
interface NextTimes {
  readonly times: readonly string[]
  readonly timeZone: string
}

function Times({
  draft,
  set,
  schedule,
}: PartProps & { readonly schedule: Schedule | null }): VNode {
  const app = useApp()
  const s = alertsText.value
  const problem = useProblem()
  const next = useSignal<NextTimes>({
    times: schedule?.next ?? [],
    timeZone: schedule?.timeZone ?? 'UTC',
  })
  const { cron, timeZone, name } = draft.value
  const look = (): Promise<boolean> =>
    problem.watch(async () => {
      // Only its times are asked for: what it starts may not be written yet.
      const start = { target: 'any', source: { kind: 'command', command: 'true' } }
      const body = { cron, timeZone, start }
      const found = await automationApi(app).schedules.preview(name || 'schedule', body)
      next.value = { times: found.next, timeZone }
    })
  return (
    <fieldset class="editor-part">
      <legend>{s.when}</legend>
      <div class="editor-pair">
        <Field
          label={s.cron}
          help={s.cronHelp}
          example="30 2 * * 1-5"
          value={cron}
          isCode
          onType={(typed) => set({ cron: typed })}
        />
        <Field
          label={s.timeZone}
          example="Europe/Berlin"
          value={timeZone}
          onType={(typed) => set({ timeZone: typed })}
        />
      </div>
      <button type="button" class="button editor-add" onClick={() => void look()}>
        {s.next}
      </button>
      <Problem of={problem} />
      {next.value.times.length > 0 && (
        <ol class="alerts-times" aria-label={s.next}>
          {next.value.times.map((time) => (
            <li key={time}>
              <time dateTime={time}>{shortTime(time, next.value.timeZone)}</time>
            </li>
          ))}
        </ol>
      )}
    </fieldset>
  )
}

function Start({ draft, set }: PartProps): VNode {
  const s = alertsText.value
  const { starts, target, command, saved, parameters } = draft.value
  return (
    <fieldset class="editor-part">
      <legend>{s.starts}</legend>
      <div class="editor-pair">
        <SelectField
          label={s.starts}
          options={[
            ['command', s.startsCommand],
            ['saved', s.startsSaved],
          ]}
          chosen={starts}
          onChoose={(chosen) => set({ starts: chosen })}
        />
        <TargetField target={target} set={set} />
      </div>
      {starts === 'command' ? (
        <Field
          label={s.command}
          value={command}
          isCode
          rows={3}
          onType={(typed) => set({ command: typed })}
        />
      ) : (
        <>
          <SavedField saved={saved} set={set} />
          <Field
            label={s.parameters}
            help={s.parametersHelp}
            value={parameters}
            isCode
            rows={3}
            onType={(typed) => set({ parameters: typed })}
          />
        </>
      )}
    </fieldset>
  )
}

function Policies({ draft, set }: PartProps): VNode {
  const s = alertsText.value
  const { missed, overlap } = draft.value
  return (
    <fieldset class="editor-part">
      <legend>{s.lateTimes}</legend>
      <div class="editor-pair">
        <SelectField
          label={s.missed}
          options={[
            ['skip', s.missedNames.skip],
            ['run-once', s.missedNames['run-once']],
          ]}
          chosen={missed}
          onChoose={(chosen) => set({ missed: chosen })}
        />
        <SelectField
          label={s.overlap}
          options={[
            ['skip', s.overlapNames.skip],
            ['queue', s.overlapNames.queue],
            ['allow', s.overlapNames.allow],
          ]}
          chosen={overlap}
          onChoose={(chosen) => set({ overlap: chosen })}
        />
      </div>
    </fieldset>
  )
}
