/** How the log is shown. */
import type { Signal } from '@preact/signals'
import type { VNode } from 'preact'
import { useApp } from '../../app/app-context.ts'
import { chooseTime, type TimeMode, timeModes, toggleWrap } from '../../app/preferences.ts'
import { text } from '../../i18n/text.ts'
import { Icon, type IconName } from '../../ui/icon.tsx'
import { logCommands } from '../viewer/log-commands.ts'
import { ModeHint } from './mode-hint.tsx'
import type { RunModel } from './run-model.ts'
import './log-toolbar.css'

export function LogToolbar({ model }: { readonly model: RunModel }): VNode {
  const { preferences, panel } = useApp()
  const run = model.run.value
  const t = text.value
  return (
    <div class="log-toolbar" role="toolbar" aria-label={t.view}>
      <span class="log-channels" aria-hidden="true">
        <span class="log-channel out">stdout</span>
        <span class="log-channel err">stderr</span>
      </span>
      {run !== null && <ModeHint run={run} />}
      <span class="log-tools">
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

/** A native menu: it needs no script of ours for keyboard, touch or screen reader. */
function TimeMenu(): VNode {
  const { preferences } = useApp()
  const t = text.value
  const mode = preferences.time.value
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const choose = (value: string): void => {
    const chosen = timeModes.find((one) => one === value)
    if (chosen !== undefined) chooseTime(preferences, chosen)
  }
  const nameOf = (one: TimeMode): string =>
    one === 'clock' ? t.timeModes.clock(zone) : t.timeModes[one]
  return (
    <label class={`button quiet small log-time${mode === 'off' ? '' : ' on'}`}>
      <Icon name="clock" />
      <span aria-hidden="true">{t.timeShort[mode]}</span>
      <select
        aria-label={t.time}
        value={mode}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        {timeModes.map((one) => (
          <option key={one} value={one}>
            {nameOf(one)}
          </option>
        ))}
      </select>
    </label>
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
