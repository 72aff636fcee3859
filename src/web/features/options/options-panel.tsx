/** The options of the next run, each with what it means. */
import type { VNode } from 'preact'
import { runOrders } from '../../../shared/run-plan.ts'
import { useApp } from '../../app/app-context.ts'
import type { ReadMode } from '../../app/app-model.ts'
import { optionsText } from '../../i18n/options-text.ts'
import { text } from '../../i18n/text.ts'
import { faultOf, type OptionName, optionNames } from './run-options.ts'
import './options.css'

const modes: readonly ReadMode[] = ['durable', 'merged', 'plain', 'pty']

export function OptionsPanel({ onClose }: { readonly onClose: () => void }): VNode {
  const { draft } = useApp()
  const o = optionsText.value
  return (
    <form
      class="options-panel"
      onSubmit={(event) => {
        event.preventDefault()
        onClose()
      }}
    >
      <Modes />
      <Sudo />
      <fieldset>
        <legend>{o.over}</legend>
        <div class="options-grid">
          {optionNames.map((name) => (
            <Field key={name} name={name} />
          ))}
          <Order />
        </div>
        <p class="options-help">{o.help}</p>
      </fieldset>
      <div class="options-foot">
        <button
          type="button"
          class="button small"
          onClick={() => {
            draft.options.value = {}
            draft.mode.value = 'durable'
          }}
        >
          {o.reset}
        </button>
        <button type="submit" class="button small primary">
          {text.value.close}
        </button>
      </div>
    </form>
  )
}

function Modes(): VNode {
  const { draft } = useApp()
  const t = text.value
  return (
    <fieldset>
      <legend>{optionsText.value.reading}</legend>
      {modes.map((mode) => (
        <label key={mode} class="options-mode">
          <input
            type="radio"
            name="mode"
            value={mode}
            checked={draft.mode.value === mode}
            onChange={() => {
              draft.mode.value = mode
            }}
          />
          {t.modes[mode]}
        </label>
      ))}
    </fieldset>
  )
}

function Sudo(): VNode {
  const { draft } = useApp()
  const o = optionsText.value
  return (
    <div>
      <label class="options-mode">
        <input
          type="checkbox"
          checked={draft.options.value.sudo !== undefined}
          aria-describedby="sudo-help"
          onChange={(event) => {
            const { sudo: _before, ...others } = draft.options.value
            draft.options.value = event.currentTarget.checked ? { ...others, sudo: 'yes' } : others
          }}
        />
        {o.sudo}
      </label>
      <p id="sudo-help" class="options-help">
        {o.sudoHelp}
      </p>
    </div>
  )
}

function Field({ name }: { readonly name: OptionName }): VNode {
  const { draft } = useApp()
  const o = optionsText.value
  const typed = draft.options.value[name] ?? ''
  const fault = faultOf(name, typed)
  return (
    <label class="options-field">
      <span>{o.fields[name]}</span>
      <input
        class="input"
        value={typed}
        placeholder={o.examples[name]}
        inputMode={name === 'fanout' || name === 'maxFailures' ? 'numeric' : 'text'}
        autocomplete="off"
        spellcheck={false}
        aria-invalid={fault !== null}
        aria-describedby={fault === null ? undefined : `fault-${name}`}
        onInput={(event) => {
          draft.options.value = { ...draft.options.value, [name]: event.currentTarget.value }
          draft.problem.value = null
        }}
      />
      {fault !== null && (
        <span id={`fault-${name}`} class="options-fault" role="alert">
          {fault}
        </span>
      )}
    </label>
  )
}

function Order(): VNode {
  const { draft } = useApp()
  const o = optionsText.value
  return (
    <label class="options-field">
      <span>{o.order}</span>
      <select
        class="input"
        value={draft.options.value.order ?? 'given'}
        onChange={(event) => {
          const order = event.currentTarget.value
          draft.options.value = { ...draft.options.value, order: order === 'given' ? '' : order }
        }}
      >
        {runOrders.map((order) => (
          <option key={order} value={order}>
            {o.orders[order]}
          </option>
        ))}
      </select>
    </label>
  )
}
