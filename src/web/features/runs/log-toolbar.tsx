/** How the log is shown. */
import type { Signal } from '@preact/signals'
import type { VNode } from 'preact'
import { useApp } from '../../app/app-context.ts'
import { toggle } from '../../app/preferences.ts'
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
          onClick={() => toggle('wrap', preferences.wrap)}
        />
        <Toggle
          icon="clock"
          word={t.time}
          isOn={preferences.time}
          onClick={() => toggle('time', preferences.time)}
        />
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
