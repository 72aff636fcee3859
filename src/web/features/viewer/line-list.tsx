/** The log of a run: this component is all that others know of how lines are held and drawn. */
import { useComputed, useSignalEffect } from '@preact/signals'
import type { VNode } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { Task } from '../../../shared/run.ts'
import { useApp } from '../../app/app-context.ts'
import { text } from '../../i18n/text.ts'
import type { RunModel } from '../runs/run-model.ts'
import { LogEdge } from './log-edge.tsx'
import { LogPill } from './log-pill.tsx'
import type { RowContext } from './log-row.ts'
import { LogView } from './log-view.ts'
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
    const expanded = new Set<number>()
    const log = new LogView({
      scroller: scroller.current,
      runway: runway.current,
      layer: layer.current,
      tail: tail.current,
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
    view.current = log
    onReady(log)
    return () => {
      onReady(null)
      log.dispose()
      view.current = null
    }
  }, [model])

  useSignalEffect(() => {
    const longest = Math.max(4, ...(model.run.value?.tasks ?? []).map(({ host }) => host.length))
    scroller.current?.style.setProperty('--host-ch', String(Math.min(longest, hostCharsMax)))
  })
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
  return (
    <div class="log">
      <div
        class={classes.join(' ')}
        ref={scroller}
        tabIndex={0}
        role="region"
        aria-label={text.value.log}
        id="log"
      >
        <LogEdge model={model} edge="start" />
        <div class="log-runway" ref={runway}>
          <div class="log-layer" ref={layer} role="list" aria-label={text.value.log} />
        </div>
        <div class="log-tail" ref={tail} />
        <LogEdge model={model} edge="end" />
      </div>
      <LogPill model={model} />
    </div>
  )
}

function createContext(model: RunModel, expanded: ReadonlySet<number>): RowContext {
  const taskOf = (id: number): Task | undefined =>
    model.run.peek()?.tasks.find((task) => task.id === id)
  return {
    hostOf: (task) =>
      (model.run.peek()?.tasks.length ?? 0) > 1 ? (taskOf(task)?.host ?? null) : null,
    rawAddress: (line) => rawAddress(model.id, line.task, line.channel),
    isExpanded: (pos) => expanded.has(pos),
  }
}
