/** Writes an alert: what it fires on, in which runs, how often, and who is told. */
import { type Signal, useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import type { Alert } from '../../../shared/protocol/alerts.ts'
import { useApp } from '../../app/app-context.ts'
import { alertsText } from '../../i18n/alerts-text.ts'
import { Check, Field, SelectField } from '../../ui/field.tsx'
import { type AlertDraft, alertBody, alertDraftOf } from './alert-draft.ts'
import { draftOfQuery } from './alert-of-view.ts'
import { AlertPreview } from './alert-preview.tsx'
import { automationApi } from './automation-lists.ts'
import { EditorFrame } from './editor-frame.tsx'
import { NameField } from './name-field.tsx'
import { WebhookFields } from './webhook-fields.tsx'

export function AlertEditor({ alert }: { readonly alert: Alert | null }): VNode {
  const app = useApp()
  const s = alertsText.value
  const asked = new URLSearchParams(app.router.query.peek())
  const draft = useSignal<AlertDraft>(alert === null ? draftOfQuery(asked) : alertDraftOf(alert))
  const set = (change: Partial<AlertDraft>): void => {
    draft.value = { ...draft.value, ...change }
  }
  const save = async (): Promise<string> => {
    const { name } = draft.value
    const body = alertBody(draft.value, alert)
    return (await automationApi(app).alerts.put(name, body, alert?.version ?? 0)).name
  }
  const { name, enabled, desktop } = draft.value
  return (
    <EditorFrame tab="alerts" name={alert?.name ?? null} save={save}>
      <fieldset class="editor-part">
        <NameField name={name} isNew={alert === null} set={set} />
        <Check label={s.enabled} isOn={enabled} onChange={(isOn) => set({ enabled: isOn })} />
      </fieldset>
      <Condition draft={draft} set={set} />
      <Runs draft={draft} set={set} />
      <Threshold draft={draft} set={set} />
      <fieldset class="editor-part">
        <legend>{s.tells}</legend>
        <WebhookFields draft={draft} />
        <Check label={s.desktop} isOn={desktop} onChange={(isOn) => set({ desktop: isOn })} />
        <p class="saved-help">{s.desktopHelp}</p>
        <AlertPreview draft={draft} alert={alert} />
      </fieldset>
    </EditorFrame>
  )
}

interface PartProps {
  readonly draft: Signal<AlertDraft>
  readonly set: (change: Partial<AlertDraft>) => void
}

function Condition({ draft, set }: PartProps): VNode {
  const s = alertsText.value
  const { kind } = draft.value
  return (
    <fieldset class="editor-part">
      <legend>{s.condition}</legend>
      <SelectField
        label={s.what}
        options={[
          ['lines', s.onLines],
          ['end', s.onEnd],
        ]}
        chosen={kind}
        onChoose={(chosen) => set({ kind: chosen })}
      />
      {kind === 'lines' ? <Lines draft={draft} set={set} /> : <End draft={draft} set={set} />}
    </fieldset>
  )
}

function Lines({ draft, set }: PartProps): VNode {
  const s = alertsText.value
  const { text, isRegex, channel, levels } = draft.value
  return (
    <>
      <Field
        label={s.text}
        example={s.anyText}
        value={text}
        isCode
        onType={(typed) => set({ text: typed })}
      />
      <Check label={s.isRegex} isOn={isRegex} onChange={(isOn) => set({ isRegex: isOn })} />
      <div class="editor-pair">
        <SelectField
          label={s.channel}
          options={[
            ['', s.anyChannel],
            ['out', 'stdout'],
            ['err', 'stderr'],
          ]}
          chosen={channel === 'note' ? '' : channel}
          onChoose={(chosen) => set({ channel: chosen })}
        />
        <Field
          label={s.levels}
          help={s.levelsHelp}
          value={levels}
          onType={(typed) => set({ levels: typed })}
        />
      </div>
    </>
  )
}

const outcomes = ['succeeded', 'failed', 'stopped', 'lost'] as const

function End({ draft, set }: PartProps): VNode {
  const s = alertsText.value
  const { outcomes: chosen, exitCodes } = draft.value
  return (
    <>
      <div class="alerts-checks" role="group" aria-label={s.outcomes}>
        {outcomes.map((each) => (
          <Check
            key={each}
            label={s.outcomeNames[each]}
            isOn={chosen.includes(each)}
            onChange={(isOn) =>
              set({
                outcomes: outcomes.filter((one) => (one === each ? isOn : chosen.includes(one))),
              })
            }
          />
        ))}
      </div>
      <Field
        label={s.exitCodes}
        help={s.exitCodesHelp}
        value={exitCodes}
        onType={(typed) => set({ exitCodes: typed })}
      />
    </>
  )
}

function Runs({ draft, set }: PartProps): VNode {
  const s = alertsText.value
  const { target, command, saved } = draft.value
  return (
    <fieldset class="editor-part">
      <legend>{s.ofRuns}</legend>
      <div class="editor-thirds">
        <Field
          label={s.target}
          help={s.targetHelp}
          value={target}
          onType={(typed) => set({ target: typed })}
        />
        <Field label={s.commandText} value={command} onType={(typed) => set({ command: typed })} />
        <Field label={s.savedName} value={saved} onType={(typed) => set({ saved: typed })} />
      </div>
    </fieldset>
  )
}

function Threshold({ draft, set }: PartProps): VNode {
  const s = alertsText.value
  const { count, within, cooldown } = draft.value
  return (
    <fieldset class="editor-part">
      <legend>{s.whenEnough}</legend>
      <div class="editor-thirds">
        <Field label={s.count} value={count} isNumber onType={(typed) => set({ count: typed })} />
        <Field
          label={s.within}
          value={within}
          isNumber
          onType={(typed) => set({ within: typed })}
        />
        <Field
          label={s.cooldown}
          value={cooldown}
          isNumber
          onType={(typed) => set({ cooldown: typed })}
        />
      </div>
    </fieldset>
  )
}
