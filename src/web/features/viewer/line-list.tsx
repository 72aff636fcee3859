/** The log of a run: this component is all that others know of how lines are held and drawn. */
import { useComputed, useSignalEffect } from '@preact/signals'
import type { RefObject, VNode } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { Task } from '../../../shared/run.ts'
import { useApp } from '../../app/app-context.ts'
import type { Preferences } from '../../app/preferences.ts'
import { text } from '../../i18n/text.ts'
import type { RunModel } from '../runs/run-model.ts'
import { LogEdge } from './log-edge.tsx'
import { LogPill } from './log-pill.tsx'
import type { RowContext } from './log-row.ts'
import { type LogElements, LogView } from './log-view.ts'
import { rawAddress } from './raw-address.ts'
import './line-list.css'
import './ansi.css'

export interface LineListProps {
  readonly model: RunModel
  /** Commands of the keyboard reach the view through this. */
  readonly onReady: (view: LogView | null) => void
}

/** A longer host name is cut; the inspector has it whole. */
const hostCharsMax = 24

export function LineList({ model, onReady }: LineListProps): VNode {
  const { preferences } = useApp()
  const scroller = useRef<HTMLDivElement>(null)
  const runway = useRef<HTMLDivElement>(null)
  const layer = useRef<HTMLDivElement>(null)
  const tail = useRef<HTMLDivElement>(null)
  const view = useRef<LogView | null>(null)
  const hasHosts = useComputed(() => (model.run.value?.tasks.length ?? 0) > 1)

  useEffect(() => {
    if (!scroller.current || !runway.current || !layer.current || !tail.current) return undefined
    const log = openView(model, preferences, {
      scroller: scroller.current,
      runway: runway.current,
      layer: layer.current,
      tail: tail.current,
    })
    view.current = log
    onReady(log)
    return () => {
      onReady(null)
      log.dispose()
      view.current = null
    }
  }, [model, preferences, onReady])
  useModel(model, view)
  useSignalEffect(() => {
    const hosts = (model.run.value?.tasks ?? []).map(({ host }) => host.length)
    const longest = Math.min(Math.max(4, ...hosts), hostCharsMax)
    scroller.current?.style.setProperty('--host-ch', String(longest))
  })
  useSignalEffect(() => {
    void [preferences.time.value, hasHosts.value, text.value]
    view.current?.refresh(preferences.wrap.value)
  })

  const classes = [
    'log-scroller',
    preferences.wrap.value ? 'wrap' : 'no-wrap',
    preferences.time.value ? '' : 'no-time',
    hasHosts.value ? 'has-hosts' : '',
  ]
  const t = text.value
  return (
    <div class="log">
      {/* A region that scrolls must be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div class={classes.join(' ')} ref={scroller} tabIndex={0} role="region" aria-label={t.log}>
        <LogEdge model={model} edge="start" />
        <div class="log-runway" ref={runway}>
          <div class="log-layer" ref={layer} role="list" aria-label={t.log} />
        </div>
        <div class="log-tail" ref={tail} />
        <LogEdge model={model} edge="end" />
      </div>
      <LogPill model={model} />
    </div>
  )
}

/** Gives the view what changes in the model. */
function useModel(model: RunModel, view: RefObject<LogView | null>): void {
  useSignalEffect(() => {
    void model.version.value
    view.current?.request()
  })
  useSignalEffect(() => {
    const isFollowing = model.follow.value
    if (view.current !== null) view.current.isFollowing = isFollowing
  })
  useSignalEffect(() => view.current?.showPartials(model.partials.value.values()))
  useSignalEffect(() => view.current?.select(model.selected.value))
  useSignalEffect(() => {
    const target = model.target.value
    if (target !== null) view.current?.show(target)
  })
}

function openView(model: RunModel, preferences: Preferences, elements: LogElements): LogView {
  const expanded = new Set<number>()
  const log: LogView = new LogView({
    ...elements,
    buffer: model.buffer,
    context: createContext(model, expanded),
    onFollow: (isFollowing) => {
      if (isFollowing) void model.jumpToLatest()
      else model.follow.value = false
    },
    onSelect: (pos) => {
      model.selected.value = model.selected.value === pos ? null : pos
    },
    onExpand: (pos) => {
      expanded.add(pos)
      log.refresh(preferences.wrap.peek())
    },
    isAtTail: () => model.buffer.end === model.tail.peek(),
    onEdge: (edge) => void (edge === 'start' ? model.loadEarlier() : model.loadLater()),
  })
  return log
}

function createContext(model: RunModel, expanded: ReadonlySet<number>): RowContext {
  const tasks = (): readonly Task[] => model.run.peek()?.tasks ?? []
  return {
    hostOf: (id) =>
      tasks().length > 1 ? (tasks().find((task) => task.id === id)?.host ?? null) : null,
    rawAddress: (line) => rawAddress(model.id, line.task, line.channel),
    isExpanded: (pos) => expanded.has(pos),
  }
}
