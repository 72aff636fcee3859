/** Limits for the runs of single saved commands. */
import { useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { retentionText } from '../../i18n/retention-text.ts'
import { Icon } from '../../ui/icon.tsx'
import type { DraftRule } from './draft-policy.ts'

export interface SavedRulesProps {
  readonly rules: readonly DraftRule[]
  readonly onChange: (rules: readonly DraftRule[]) => void
}

export function SavedRules({ rules, onChange }: SavedRulesProps): VNode {
  const r = retentionText.value
  const name = useSignal('')
  const add = (): void => {
    const added = name.value.trim()
    if (added === '' || rules.some((rule) => rule.name === added)) return
    name.value = ''
    onChange([...rules, { name: added, days: '', runs: '' }])
  }
  const replace = (changed: DraftRule): void =>
    onChange(rules.map((rule) => (rule.name === changed.name ? changed : rule)))
  return (
    <fieldset class="retention-rules">
      <legend>{r.savedTitle}</legend>
      <p>{r.savedHelp}</p>
      {rules.map((rule) => (
        <Rule
          key={rule.name}
          rule={rule}
          onChange={replace}
          onRemove={() => onChange(rules.filter((other) => other !== rule))}
        />
      ))}
      <span class="retention-add">
        <input
          class="input"
          placeholder={r.savedName}
          aria-label={r.savedName}
          spellcheck={false}
          autocomplete="off"
          value={name.value}
          onInput={(event) => {
            name.value = event.currentTarget.value
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return
            event.preventDefault()
            add()
          }}
        />
        <button type="button" class="button" onClick={add}>
          {r.addRule}
        </button>
      </span>
    </fieldset>
  )
}

interface RuleProps {
  readonly rule: DraftRule
  readonly onChange: (rule: DraftRule) => void
  readonly onRemove: () => void
}

function Rule({ rule, onChange, onRemove }: RuleProps): VNode {
  const r = retentionText.value
  const { name, days, runs } = rule
  const field = (label: string, value: string, onType: (value: string) => void): VNode => (
    <input
      type="number"
      class="input"
      min="0"
      step="any"
      placeholder={r.noBound}
      aria-label={label}
      value={value}
      onInput={(event) => onType(event.currentTarget.value)}
    />
  )
  return (
    <div class="retention-rule">
      <span class="retention-rule-name">{name}</span>
      <span class="retention-bound">
        {field(r.linesOf(name), days, (typed) => onChange({ ...rule, days: typed }))}
        <span class="retention-unit">{r.days}</span>
      </span>
      <span class="retention-bound">
        {field(r.runsOf(name), runs, (typed) => onChange({ ...rule, runs: typed }))}
        <span class="retention-unit">{r.unitRuns}</span>
      </span>
      <button
        type="button"
        class="icon-button"
        aria-label={r.removeRule(name)}
        title={r.removeRule(name)}
        onClick={onRemove}
      >
        <Icon name="close" />
      </button>
    </div>
  )
}
