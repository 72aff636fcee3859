/** Adds a host, or changes what is said of one here. What ssh_config says of it stays there. */
import { useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { useId } from 'preact/hooks'
import { displayText } from '../../../shared/display.ts'
import { type AppError, toAppError } from '../../../shared/errors.ts'
import type { HostEntry } from '../../../shared/protocol/hosts.ts'
import { useApp } from '../../app/app-context.ts'
import { hostsText } from '../../i18n/hosts-text.ts'
import { text } from '../../i18n/text.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Said } from '../../ui/said.tsx'

export interface HostEditorProps {
  /** Null for a new one. */
  readonly host: HostEntry | null
  readonly onClose: () => void
}

export function HostEditor({ host, onClose }: HostEditorProps): VNode {
  const app = useApp()
  const h = hostsText.value
  const problem = useSignal<AppError | null>(null)
  const isBusy = useSignal(false)
  const isConfigured = host !== null && host.config !== null
  const save = async (form: HTMLFormElement): Promise<void> => {
    const said = readForm(new FormData(form))
    const name = host?.name ?? said.name
    isBusy.value = true
    try {
      await app.api.putHost(name, said.host)
      await app.loadHosts()
      app.say(h.saved(displayText(name)))
      onClose()
    } catch (thrown) {
      problem.value = toAppError(thrown)
    } finally {
      isBusy.value = false
    }
  }
  return (
    <Dialog
      title={host === null ? h.add : h.editOf(displayText(host.name))}
      isFirm
      onClose={onClose}
    >
      <form
        class="host-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (!isBusy.value) void save(event.currentTarget)
        }}
      >
        {host === null && <Field name="name" label={h.name} help={h.nameHelp} value="" />}
        {isConfigured ? (
          <p class="host-help">{h.destinationConfig}</p>
        ) : (
          <Field
            name="destination"
            label={h.destination}
            help={h.destinationHelp}
            value={host?.destination ?? ''}
          />
        )}
        <Field name="groups" label={h.groups} help={h.groupsHelp} value={joined(host?.groups)} />
        <Field name="tags" label={h.tags} help={h.tagsHelp} value={joined(host?.tags)} />
        <Field name="note" label={h.note} value={host?.note ?? ''} />
        {problem.value !== null && (
          <Notice tone="err">
            <Said of={problem.value} />
          </Notice>
        )}
        <div class="dialog-actions">
          <button type="button" class="button" onClick={onClose}>
            {text.value.cancel}
          </button>
          <button type="submit" class="button primary" aria-disabled={isBusy.value}>
            {h.save}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

interface FieldProps {
  readonly name: 'name' | 'destination' | 'groups' | 'tags' | 'note'
  readonly label: string
  readonly help?: string
  readonly value: string
}

function Field({ name, label, help, value }: FieldProps): VNode {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        name={name}
        class={name === 'note' ? 'input' : 'input mono'}
        defaultValue={value}
        required={name === 'name'}
        spellcheck={false}
        autocomplete="off"
        autocapitalize="off"
        data-first-focus={name === 'name' ? '' : undefined}
        aria-describedby={help === undefined ? undefined : `${id}-help`}
      />
      {help !== undefined && (
        <p id={`${id}-help`} class="host-help">
          {help}
        </p>
      )}
    </div>
  )
}

function readForm(form: FormData) {
  const textOf = (name: FieldProps['name']): string => {
    const value = form.get(name)
    return typeof value === 'string' ? value.trim() : ''
  }
  return {
    name: textOf('name'),
    host: {
      destination: textOf('destination') || null,
      groups: wordsOf(textOf('groups')),
      tags: wordsOf(textOf('tags')),
      note: textOf('note') || null,
    },
  }
}

/** Written as in a target or without its sign; each once. */
function wordsOf(typed: string): readonly string[] {
  const words = typed.split(/[\s,]+/).map((word) => word.replace(/^@/, ''))
  return [...new Set(words.filter((word) => word !== ''))]
}

function joined(words: readonly string[] | undefined): string {
  return (words ?? []).join(', ')
}
