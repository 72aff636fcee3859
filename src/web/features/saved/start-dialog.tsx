/** Starts a saved command: its parameters, where it runs, and the question before it does. */
import { useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { useId, useRef } from 'preact/hooks'
import { displayText } from '../../../shared/display.ts'
import type { Run } from '../../../shared/run.ts'
import type { StoredCommand } from '../../../shared/saved-command.ts'
import { sourceText } from '../../../shared/source.ts'
import { useApp } from '../../app/app-context.ts'
import type { AppModel } from '../../app/app-model.ts'
import { newKey } from '../../app/new-key.ts'
import { savedText } from '../../i18n/saved-text.ts'
import { targetText } from '../../i18n/target-text.ts'
import { text } from '../../i18n/text.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { onePress } from '../../ui/one-press.ts'
import { Problem, useProblem } from '../../ui/problem.tsx'
import { previewOf } from '../target/target-preview.ts'
import { faultIn } from './given-value.ts'
import { ParameterField } from './parameter-field.tsx'
import { questionOf } from './saved-question.ts'

export interface StartDialogProps {
  readonly command: StoredCommand
  /** A run of it whose values the form begins with. */
  readonly before: Run | null
  readonly onClose: () => void
}

export function StartDialog({ command, before, onClose }: StartDialogProps): VNode {
  const app = useApp()
  const s = savedText.value
  const form = useRef<HTMLFormElement>(null)
  const faults = useSignal<ReadonlyMap<string, string>>(new Map())
  const question = useSignal<string | null>(null)
  const problem = useProblem()
  const { name, version, description, parameters = [] } = command
  const start = async (): Promise<void> => {
    if (form.current === null) return
    const { target, values } = typedIn(form.current)
    faults.value = faultsIn(command, target, values)
    if (faults.value.size > 0) return focusFirst(form.current, command, faults.value)
    const isSure = question.value !== null
    if (!isSure) question.value = await wholeQuestion({ app, command }, target, values)
    if (question.value !== null && !isSure) return
    // Whatever comes of it, nobody finds them in the form afterwards.
    emptySecrets(form.current)
    question.value = null
    const saved = { name, version, parameters: Object.fromEntries(values) }
    const request = { target, saved, ...(isSure && { confirm: true }) }
    const run = await app.api.start(request, newKey())
    void app.refreshRuns()
    app.router.go(`/runs/${run.id}`)
  }
  return (
    <Dialog title={name} isFirm onClose={onClose}>
      {description !== undefined && <p class="saved-description">{description}</p>}
      <form
        ref={form}
        class="saved-form"
        autocomplete="off"
        noValidate
        {...onePress}
        onSubmit={(event) => {
          event.preventDefault()
          void problem.once(start)
        }}
        onInput={() => {
          question.value = null
        }}
      >
        <TargetField
          command={command}
          begin={before?.target ?? command.target ?? ''}
          fault={faults.value.get(targetName) ?? null}
        />
        {parameters.map((parameter, at) => (
          <ParameterField
            key={parameter.name}
            parameter={parameter}
            before={valueBefore(before, parameter.name)}
            fault={faults.value.get(parameter.name) ?? null}
            isFirst={at === 0}
          />
        ))}
        <WhatRuns command={command} />
        <Problem of={problem} />
        {question.value !== null && <Question text={question.value} />}
        <Actions word={question.value === null ? s.run : s.confirmed} onClose={onClose} />
      </form>
    </Dialog>
  )
}

function Actions({
  word,
  onClose,
}: {
  readonly word: string
  readonly onClose: () => void
}): VNode {
  return (
    <div class="dialog-actions">
      <button type="button" class="button" onClick={onClose}>
        {text.value.cancel}
      </button>
      <button type="submit" class="button primary">
        {word}
      </button>
    </div>
  )
}

/** One that was another on each host, or secret, is not begun with. */
function valueBefore(before: Run | null, name: string): string | undefined {
  const value = before?.saved?.parameters[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

function WhatRuns({ command }: { readonly command: StoredCommand }): VNode {
  return (
    <details class="saved-what">
      <summary>{savedText.value.whatRuns}</summary>
      <pre class="mono">{displayLines(sourceText(command.source))}</pre>
    </details>
  )
}

function Question({ text: words }: { readonly text: string }): VNode {
  return (
    <Notice tone="warn" also="saved-question">
      <span>{words}</span>
    </Notice>
  )
}

function TargetField({
  command: { parameters = [] },
  begin,
  fault,
}: {
  readonly command: StoredCommand
  readonly begin: string
  readonly fault: string | null
}): VNode {
  const id = useId()
  return (
    <div class="field saved-field">
      <label for={id}>{savedText.value.target}</label>
      <input
        id={id}
        name={targetName}
        class="input"
        defaultValue={begin}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        aria-invalid={fault !== null}
        aria-describedby={fault === null ? undefined : `${id}-fault`}
        {...(parameters.length === 0 && { 'data-first-focus': true })}
      />
      {fault !== null && (
        <p id={`${id}-fault`} class="saved-fault">
          {fault}
        </p>
      )}
    </div>
  )
}

/** No parameter has such a name. */
const targetName = '@target'

/** Values by the name of their parameter; what is empty is not given. */
function typedIn(form: HTMLFormElement): {
  readonly target: string
  readonly values: ReadonlyMap<string, string>
} {
  const fields = [...form.querySelectorAll<HTMLInputElement | HTMLSelectElement>('.input')]
  const target = fields.find(({ name }) => name === targetName)?.value.trim() ?? ''
  const values = fields
    .filter(({ name, value }) => name !== targetName && value !== '')
    .map(({ name, value }) => [name, value] as const)
  return { target, values: new Map(values) }
}

/** By the name of the field. */
function faultsIn(
  { parameters = [] }: StoredCommand,
  target: string,
  values: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const faults = new Map<string, string>()
  if (target === '') faults.set(targetName, savedText.value.needed)
  for (const parameter of parameters) {
    const fault = faultIn(parameter, values.get(parameter.name) ?? '')
    if (fault !== null) faults.set(parameter.name, fault)
  }
  return faults
}

function focusFirst(
  form: HTMLFormElement,
  { parameters = [] }: StoredCommand,
  faults: ReadonlyMap<string, string>,
): void {
  const names = [targetName, ...parameters.map(({ name }) => name)]
  const first = names.find((name) => faults.has(name))
  form.querySelector<HTMLElement>(`.input[name="${first ?? ''}"]`)?.focus()
}

function emptySecrets(form: HTMLFormElement): void {
  for (const field of form.querySelectorAll<HTMLInputElement>('[data-secret]')) field.value = ''
}

/** That of the command, and that of the groups of the target; null when there is none. */
async function wholeQuestion(
  { app, command }: { readonly app: AppModel; readonly command: StoredCommand },
  target: string,
  given: ReadonlyMap<string, string>,
): Promise<string | null> {
  const own = questionOf(command, target, given)
  // Who starts it hears what is wrong with the target.
  const preview = command.source.kind === 'command' ? previewOf(app.api, target) : null
  const { confirm: groups, count } = (await preview?.catch(() => null)) ?? { confirm: [], count: 0 }
  if (groups.length === 0) return own
  const onGroups = targetText.value.confirmGroups(groups.join(', '))
  const start = own ?? targetText.value.confirmTitle(count)
  return `${start} ${onGroups}`
}

function displayLines(command: string): string {
  return command.trimEnd().split('\n').map(displayText).join('\n')
}
