/** Writes a trigger: which saved command, what of the payload it gets, and how requests are signed. */
import { type Signal, useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import type { Trigger } from '../../../shared/protocol/triggers.ts'
import { useApp } from '../../app/app-context.ts'
import { alertsText } from '../../i18n/alerts-text.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Check, Field, SelectField } from '../../ui/field.tsx'
import { automationApi, loadAutomation, tabPath } from './automation-lists.ts'
import { EditorFrame } from './editor-frame.tsx'
import { NameField } from './name-field.tsx'
import { SavedField, TargetField } from './start-fields.tsx'
import { emptyTrigger, type TriggerDraft, triggerBody, triggerDraftOf } from './trigger-draft.ts'

export function TriggerEditor({ trigger }: { readonly trigger: Trigger | null }): VNode {
  const app = useApp()
  const s = alertsText.value
  const draft = useSignal<TriggerDraft>(trigger === null ? emptyTrigger : triggerDraftOf(trigger))
  const made = useSignal<string | null>(null)
  const set = (change: Partial<TriggerDraft>): void => {
    draft.value = { ...draft.value, ...change }
  }
  const save = async (sure: { readonly confirm?: true }): Promise<string | false> => {
    const body = { ...triggerBody(draft.value, trigger), ...sure }
    const { name } = draft.value
    const stored = await automationApi(app).triggers.put(name, body, trigger?.version ?? 0)
    if (stored.secret === null) return stored.name
    made.value = stored.secret
    return false
  }
  const leave = async (): Promise<void> => {
    // What is not loaded now is loaded by the list.
    await loadAutomation(app).catch(() => {})
    app.router.go(tabPath('triggers'))
  }
  const { name, enabled } = draft.value
  return (
    <EditorFrame tab="triggers" name={trigger?.name ?? null} save={save}>
      <fieldset class="editor-part">
        <NameField name={name} isNew={trigger === null} set={set} />
        <Check label={s.enabled} isOn={enabled} onChange={(isOn) => set({ enabled: isOn })} />
      </fieldset>
      <Signature draft={draft} set={set} />
      <Start draft={draft} set={set} />
      {made.value !== null && (
        <Dialog title={name} onClose={() => void leave()}>
          <p>{s.madeKey}</p>
          <pre class="alerts-key">{made.value}</pre>
          <div class="dialog-actions">
            <button type="button" class="button primary" onClick={() => void leave()}>
              {s.done}
            </button>
          </div>
        </Dialog>
      )}
    </EditorFrame>
  )
}

interface PartProps {
  readonly draft: Signal<TriggerDraft>
  readonly set: (change: Partial<TriggerDraft>) => void
}

function Signature({ draft, set }: PartProps): VNode {
  const s = alertsText.value
  const { signature, secret } = draft.value
  return (
    <fieldset class="editor-part">
      <legend>{s.signature}</legend>
      <div class="editor-pair">
        <SelectField
          label={s.signature}
          options={[
            ['timestamp', s.signatureNames.timestamp],
            ['github', s.signatureNames.github],
          ]}
          chosen={signature}
          onChoose={(chosen) => set({ signature: chosen })}
        />
        <Field
          label={s.key}
          help={s.secretHelp}
          value={secret}
          isCode
          onType={(typed) => set({ secret: typed })}
        />
      </div>
    </fieldset>
  )
}

function Start({ draft, set }: PartProps): VNode {
  const s = alertsText.value
  const { saved, target, parameters, mapping } = draft.value
  return (
    <fieldset class="editor-part">
      <legend>{s.starts}</legend>
      <div class="editor-pair">
        <SavedField saved={saved} set={set} />
        <TargetField target={target} set={set} />
      </div>
      <Field
        label={s.mapping}
        help={s.mappingHelp}
        example="service=repository.name"
        value={mapping}
        isCode
        rows={3}
        onType={(typed) => set({ mapping: typed })}
      />
      <Field
        label={s.fixed}
        help={s.fixedHelp}
        value={parameters}
        isCode
        rows={2}
        onType={(typed) => set({ parameters: typed })}
      />
    </fieldset>
  )
}
