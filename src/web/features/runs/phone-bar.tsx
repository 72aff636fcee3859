/** On a phone: the hosts as a strip above the log, and the tools below it. */
import type { VNode } from 'preact'
import { useApp } from '../../app/app-context.ts'
import { chooseTime, toggleFold, toggleWrap } from '../../app/preferences.ts'
import { formatCount } from '../../i18n/format.ts'
import { text } from '../../i18n/text.ts'
import { Icon, type IconName } from '../../ui/icon.tsx'
import { findCommands } from '../find/find-commands.ts'
import { logCommands } from '../viewer/log-commands.ts'
import { hostColor } from '../viewer/log-row.ts'
import type { RunModel } from './run-model.ts'
import { byUrgency } from './task-counts.ts'
import { ViewMenu } from './view-menu.tsx'
import { isOnlyHost } from './view-state.ts'
import './phone-bar.css'

/** More than a thumb goes through: the others are in the inspector. */
const hostsShown = 20

export function PhoneBar({ model }: { readonly model: RunModel }): VNode {
  const app = useApp()
  const { preferences, panel, view } = app
  const t = text.value
  const openInspector = (): void => {
    panel.value = 'inspector'
  }
  return (
    <>
      <PhoneHosts model={model} onMore={openInspector} />
      <nav class="phone-bar" aria-label={t.view}>
        <Tool
          icon="search"
          word={t.search}
          isOn={view.state.value.search !== null || panel.value === 'search'}
          onClick={() => findCommands.search(app)}
        />
        <Tool
          icon="filter"
          word={t.filter}
          isOn={view.state.value.filters.some(({ isOn }) => isOn)}
          onClick={() => {
            panel.value = 'filter'
          }}
        />
        <Tool
          icon="wrap"
          word={t.wrap}
          isOn={preferences.wrap.value}
          onClick={() => toggleWrap(preferences)}
        />
        <Tool
          icon="fold"
          word={t.fold}
          isOn={preferences.fold.value}
          onClick={() => toggleFold(preferences)}
        />
        <Tool
          icon="clock"
          word={t.time}
          isOn={preferences.time.value !== 'off'}
          onClick={() =>
            chooseTime(preferences, preferences.time.value === 'off' ? 'clock' : 'off')
          }
        />
        <ViewMenu model={model} look="phone-tool" />
        <Tool icon="hosts" word={t.hosts} isOn={null} onClick={openInspector} />
        <Tool
          icon="latest"
          word={t.follow}
          isOn={model.follow.value}
          onClick={() => logCommands.toggleFollow(model)}
        />
      </nav>
    </>
  )
}

interface PhoneHostsProps {
  readonly model: RunModel
  readonly onMore: () => void
}

function PhoneHosts({ model, onMore }: PhoneHostsProps): VNode {
  const app = useApp()
  const { view } = app
  const t = text.value
  const run = model.run.value
  const more = (run?.tasks.length ?? 0) - hostsShown
  const shown = run === null ? [] : more > 0 ? byUrgency(run).slice(0, hostsShown) : run.tasks
  return (
    <div class="phone-hosts">
      {shown.map((task) => (
        <button
          type="button"
          class="phone-host"
          key={task.id}
          aria-pressed={isOnlyHost(view.state.value, task.host)}
          title={t.onlyThisHost}
          onClick={() => findCommands.onlyHost(app, task.host)}
        >
          <span class={`phone-swatch host-${hostColor(task.id)}`} />
          {task.host}
          <span>
            {task.state === 'ended' && task.exitCode !== null
              ? t.exit(task.exitCode)
              : t.taskStates[task.state]}
          </span>
        </button>
      ))}
      {more > 0 && (
        <button type="button" class="phone-host" onClick={onMore}>
          +{formatCount(more)} <span>{t.hosts}</span>
        </button>
      )}
    </div>
  )
}

interface ToolProps {
  readonly icon: IconName
  readonly word: string
  /** Null for what opens something. */
  readonly isOn: boolean | null
  readonly onClick: () => void
}

function Tool({ icon, word, isOn, onClick }: ToolProps): VNode {
  return (
    <button type="button" class="phone-tool" aria-pressed={isOn ?? undefined} onClick={onClick}>
      <Icon name={icon} />
      {word}
    </button>
  )
}
