/** How the log is shown. */
import type { Signal } from '@preact/signals'
import type { VNode } from 'preact'
import { useApp } from '../../app/app-context.ts'
import {
  chooseTime,
  type TimeMode,
  timeModes,
  toggleFold,
  toggleWrap,
} from '../../app/preferences.ts'
import { text } from '../../i18n/text.ts'
import { Icon, type IconName } from '../../ui/icon.tsx'
import { lazy } from '../../ui/lazy.tsx'
import { MenuButton } from '../../ui/menu-button.tsx'
import { finder } from '../find/finder-slot.ts'
import { logCommands } from '../viewer/log-commands.ts'
import type { RunModel } from './run-model.ts'
import { ViewMenu } from './view-menu.tsx'
import './log-toolbar.css'

const FindBar = lazy(async () => (await import('../find/find-bar.tsx')).FindBar)

export function LogToolbar({ model }: { readonly model: RunModel }): VNode {
  const { panel, view } = useApp()
  const t = text.value
  const { search, filters } = view.state.value
  // On a phone it stands there only for who searches or filters.
  const isOpen = panel.value === 'search' || search !== null || filters.length > 0
  return (
    <div class={`log-toolbar${isOpen ? ' open' : ''}`} role="toolbar" aria-label={t.view}>
      <span class="log-find">{finder.value !== null && <FindBar finder={finder.value} />}</span>
      <span class="log-tools">
        <ViewMenu model={model} look="button quiet small" />
        {view.state.value.view !== 'grouped' && <LineTools model={model} />}
        <button
          type="button"
          class="button quiet small log-inspector"
          onClick={() => {
            panel.value = 'inspector'
          }}
        >
          <Icon name="hosts" />
          {t.hosts}
        </button>
      </span>
    </div>
  )
}

/** How lines stand below each other. */
function LineTools({ model }: { readonly model: RunModel }): VNode {
  const { preferences } = useApp()
  const t = text.value
  return (
    <>
      <Toggle
        icon="latest"
        word={t.follow}
        isOn={model.follow}
        onClick={() => logCommands.toggleFollow(model)}
      />
      <Toggle
        icon="wrap"
        word={t.wrap}
        isOn={preferences.wrap}
        onClick={() => toggleWrap(preferences)}
      />
      <TimeMenu />
      <Toggle
        icon="fold"
        word={t.fold}
        isOn={preferences.fold}
        onClick={() => toggleFold(preferences)}
      />
    </>
  )
}

function TimeMenu(): VNode {
  const { preferences } = useApp()
  const t = text.value
  const mode = preferences.time.value
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const nameOf = (one: TimeMode): string =>
    one === 'clock' ? t.timeModes.clock(zone) : t.timeModes[one]
  return (
    <MenuButton
      look="button quiet small"
      icon="clock"
      word={t.timeShort[mode]}
      label={t.time}
      value={mode}
      options={timeModes.map((one) => ({ value: one, text: nameOf(one) }))}
      isOn={mode !== 'off'}
      onChoose={(one) => chooseTime(preferences, one)}
    />
  )
}

interface ToggleProps {
  readonly icon: IconName
  readonly word: string
  readonly isOn: Signal<boolean>
  readonly onClick: () => void
}

function Toggle({ icon, word, isOn, onClick }: ToggleProps): VNode {
  return (
    <button type="button" class="button quiet small" aria-pressed={isOn.value} onClick={onClick}>
      <Icon name={icon} />
      {word}
    </button>
  )
}
