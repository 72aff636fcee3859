/** One pane for each host, up to four beside each other; a host stands in the head of its pane. */
import type { VNode } from 'preact'
import { useCallback, useEffect, useMemo, useRef } from 'preact/hooks'
import { displayText } from '../../../shared/display.ts'
import type { Run, Task } from '../../../shared/run.ts'
import { useApp } from '../../app/app-context.ts'
import { refusalText } from '../../i18n/refusal-words.ts'
import { text } from '../../i18n/text.ts'
import { viewsText } from '../../i18n/views-text.ts'
import { Icon } from '../../ui/icon.tsx'
import { MenuButton } from '../../ui/menu-button.tsx'
import type { RunModel } from '../runs/run-model.ts'
import { stateWord } from '../runs/state-word.ts'
import { taskTone } from '../runs/tones.ts'
import { LineList } from '../viewer/line-list.tsx'
import { hostColor } from '../viewer/log-row.ts'
import type { LogView } from '../viewer/log-view.ts'
import { ByHostModel } from './by-host-model.ts'
import type { HostPaneModel } from './host-pane-model.ts'
import './by-host.css'

export function ByHost({ model: run }: { readonly model: RunModel }): VNode {
  const app = useApp()
  const model = useMemo(() => new ByHostModel(app, run), [app, run])
  useEffect(() => () => model.close(), [model])
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = box.current
    if (element === null) return undefined
    const resize = new ResizeObserver(() => {
      model.widthPx = element.clientWidth
    })
    resize.observe(element)
    return () => resize.disconnect()
  }, [model])
  const panes = model.panes.value
  const known = run.run.value
  return (
    <div class="by-host" ref={box}>
      <PaneTurner model={model} />
      <div class="by-host-panes">
        {known !== null &&
          panes.map((pane, at) => (
            <HostPane key={pane.task} model={model} pane={pane} at={at} run={known} />
          ))}
      </div>
    </div>
  )
}

/** The way to the hosts that have no pane now. */
function PaneTurner({ model }: { readonly model: ByHostModel }): VNode | null {
  const views = viewsText.value
  const shown = model.shown.value
  const panes = model.panes.value
  if (panes.length === 0 || panes.length >= shown.length) return null
  const places = panes.map(({ task }) => shown.indexOf(task))
  return (
    <div class="by-host-bar">
      <span>{views.panesOf(panes.length, shown.length)}</span>
      <button
        type="button"
        class="button quiet small"
        disabled={Math.min(...places) === 0}
        onClick={() => model.turn(-1)}
      >
        {views.panesBefore}
      </button>
      <button
        type="button"
        class="button quiet small"
        disabled={Math.max(...places) === shown.length - 1}
        onClick={() => model.turn(1)}
      >
        {views.panesAfter}
      </button>
    </div>
  )
}

interface HostPaneProps {
  readonly model: ByHostModel
  readonly pane: HostPaneModel
  /** Its place among the panes. */
  readonly at: number
  readonly run: Run
}

function HostPane({ model, pane, at, run }: HostPaneProps): VNode | null {
  const t = text.value
  const views = viewsText.value
  const onReady = useCallback((view: LogView | null) => model.setView(pane, view), [model, pane])
  const task = run.tasks.find(({ id }) => id === pane.task)
  if (task === undefined) return null
  const host = displayText(task.host)
  const touch = (): void => model.touch(pane)
  const isActive = model.active.value === pane && model.panes.value.length > 1
  return (
    <section
      class={`host-pane host-${hostColor(task.id)}${isActive ? ' active' : ''}`}
      aria-label={host}
      onFocusIn={touch}
      onPointerDown={touch}
    >
      <header class="host-pane-head">
        <MenuButton
          look="host-pane-name"
          icon="chevron"
          word={host}
          label={views.chooseHost}
          value={String(task.id)}
          options={run.tasks
            .filter(({ id }) => model.shown.value.includes(id))
            .map((each) => ({ value: String(each.id), text: displayText(each.host) }))}
          isOn={false}
          onChoose={(id) => model.choose(at, Number(id))}
        />
        <span class={`host-pane-state tone-${taskTone(task, run)}`}>
          {stateWord(task, t)}
          <span class={`dot tone-${taskTone(task, run)}`} />
        </span>
      </header>
      <LineList model={pane} label={views.logOf(host)} onReady={onReady}>
        {pane.isEmpty.value && <p class="host-pane-empty">{emptyText(task, run)}</p>}
        {!pane.follow.value && !pane.isEmpty.value && (
          <div class="log-pill">
            <button type="button" class="button primary small" onClick={() => pane.jumpToLatest()}>
              <Icon name="latest" />
              {t.jumpToLatest}
            </button>
          </div>
        )}
      </LineList>
    </section>
  )
}

function emptyText(task: Task, run: Run): string {
  const t = text.value
  const views = viewsText.value
  if (task.message !== null) return refusalText({ ...task, message: task.message })
  return run.state === 'ended' || task.endedAt !== null ? t.wroteNothing : views.nothingYet
}
