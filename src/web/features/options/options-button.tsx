/** How the next run is read and goes over its hosts: said in short, chosen in what opens below. */
import { useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { useRef } from 'preact/hooks'
import { useApp } from '../../app/app-context.ts'
import { text } from '../../i18n/text.ts'
import { Icon } from '../../ui/icon.tsx'
import { lazy } from '../../ui/lazy.tsx'

const OptionsPanel = lazy(async () => (await import('./options-panel.tsx')).OptionsPanel)
const OptionsSummary = lazy(
  async () => (await import('./options-summary.tsx')).OptionsSummary,
  'later',
)

const panelId = 'run-options'

export function OptionsButton(): VNode {
  const { draft } = useApp()
  const t = text.value
  return (
    <button
      type="button"
      class="command-mode"
      title={t.modes[draft.mode.value]}
      aria-haspopup="dialog"
      popovertarget={panelId}
    >
      <span class="hidden-visually">{t.options}: </span>
      {t.modeShort[draft.mode.value]}
      {Object.values(draft.options.value).some(Boolean) && <OptionsSummary />}
      <Icon name="chevron" />
    </button>
  )
}

/** Stands outside of the form: Enter in its fields starts nothing. */
export function Options(): VNode {
  const isOpen = useSignal(false)
  const panel = useRef<HTMLDivElement>(null)
  return (
    // What is typed in it must not act as the page's single keys.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      ref={panel}
      id={panelId}
      class="options"
      role="dialog"
      tabIndex={-1}
      aria-label={text.value.options}
      popover="auto"
      onToggle={(event) => {
        isOpen.value = event.newState === 'open'
      }}
      onKeyDown={(event) => event.stopPropagation()}
    >
      {isOpen.value && <OptionsPanel onClose={() => panel.current?.hidePopover()} />}
    </div>
  )
}
