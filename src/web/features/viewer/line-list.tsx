/** The log of a run: this component is all that others know of how lines are held and drawn. */
import { effect, type ReadonlySignal, useComputed } from '@preact/signals'
import type { ComponentChildren, VNode } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { Task } from '../../../shared/run.ts'
import { useApp } from '../../app/app-context.ts'
import type { AppModel } from '../../app/app-model.ts'
import type { Preferences } from '../../app/preferences.ts'
import { text } from '../../i18n/text.ts'
import type { Partials } from '../runs/partials.ts'
import type { RunModel } from '../runs/run-model.ts'
import type { LineSequence } from './line-sequence.ts'
import { lineTime, newDay } from './line-time.ts'
import type { LogElements } from './log-rows.ts'
import { LogView } from './log-view.ts'
import type { LogViewOptions } from './log-view-options.ts'
import { selectedRange } from './selected-range.ts'
import './line-list.css'
import './log-row.css'
import './ansi.css'

/** What the log needs to know: of a run as a whole, or of one host of it. */
export interface LinesModel
  extends Pick<
    RunModel,
    | 'id'
    | 'run'
    | 'follow'
    | 'selected'
    | 'anchor'
    | 'text'
    | 'target'
    | 'figures'
    | 'seen'
    | 'drawn'
    | 'marks'
    | 'jumpToLatest'
  > {
  readonly lines: ReadonlySignal<LineSequence>
  /** Unfinished lines that stand below the others. */
  readonly partials: ReadonlySignal<Partials>
  /** The host stands in no row. */
  readonly isOneHost: boolean
}

export interface LineListProps {
  readonly model: LinesModel
  readonly label: string
  /** What stands over the lines. */
  readonly children?: ComponentChildren
  /** Commands of the keyboard reach the view through this. */
  readonly onReady: (view: LogView | null) => void
}

/** A longer host name is cut; the inspector has it whole. */
const hostCharsMax = 24

export function LineList({ model, label, onReady, children }: LineListProps): VNode {
  const app = useApp()
  const { preferences } = app
  const scroller = useRef<HTMLDivElement>(null)
  const view = useRef<LogView | null>(null)
  const hasHosts = useComputed(() => !model.isOneHost && (model.run.value?.tasks.length ?? 0) > 1)

  // Before the frame: lines that are here are drawn with it.
  useLayoutEffect(() => {
    if (scroller.current === null) return undefined
    const log = openView(model, app, elementsOf(scroller.current))
    view.current = log
    onReady(log)
    const stopWatching = watchModel(model, log)
    return () => {
      stopWatching()
      onReady(null)
      log.dispose()
      view.current = null
    }
  }, [model, app, onReady])
  const hostChars = useComputed(() => {
    const hosts = (model.run.value?.tasks ?? []).map(({ host }) => host.length)
    return Math.min(Math.max(4, ...hosts), hostCharsMax)
  }).value
  const { wrap, fold, time, links } = preferences
  const t = text.value
  // After the classes have changed: the grid is measured with them.
  useLayoutEffect(
    () => view.current?.refresh(),
    [wrap.value, fold.value, time.value, links.value, hasHosts.value, hostChars, t],
  )

  const classes = [
    'log-scroller',
    wrap.value ? 'wrap' : 'no-wrap',
    time.value === 'off' ? 'no-time' : '',
    hasHosts.value ? 'has-hosts' : '',
  ]
  const first = model.run.value?.first ?? 0
  return (
    <div class="log">
      {first > 0 && <p class="log-removed">{t.removedBefore(first)}</p>}
      <div
        class={classes.join(' ')}
        style={{ '--host-ch': hostChars }}
        ref={scroller}
        // A region that scrolls must be reachable by keyboard.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role="region"
        aria-label={label}
      >
        <div class="log-runway">
          <div class="log-sheet">
            <div class="log-layer" role="list" aria-label={label} />
            <div class="log-tail" />
          </div>
        </div>
      </div>
      {children}
    </div>
  )
}

/** The parts that the view fills by itself; no component draws into them. */
function elementsOf(scroller: HTMLElement): LogElements {
  const part = (name: string): HTMLElement => {
    const found = scroller.querySelector(name)
    if (found instanceof HTMLElement) return found
    throw new Error(`The log has no ${name}.`)
  }
  return {
    scroller,
    runway: part('.log-runway'),
    sheet: part('.log-sheet'),
    layer: part('.log-layer'),
    tail: part('.log-tail'),
  }
}

/**
 * Gives the view what changes in the model, at once and in that order: the effects of a component
 * come up to two frames later, and would undo what the reader has done meanwhile.
 */
function watchModel(model: LinesModel, log: LogView): () => void {
  const stops = [
    effect(() => log.use(model.lines.value, log.topPos)),
    effect(() => {
      void model.lines.value.version.value
      log.request()
    }),
    effect(() => {
      void model.lines.value.fetched.value
      log.paint()
    }),
    effect(() => {
      log.isFollowing = model.follow.value
    }),
    effect(() => log.showPartials(model.partials.value.values())),
    effect(() => log.showMarks(model.marks.all.value.map(({ pos }) => pos))),
    effect(() => {
      const target = model.target.value
      if (target !== null) log.show(target.pos)
    }),
    effect(() => log.leaveText(model.text.value)),
    effect(() => log.select(selectedRange(model), model.selected.value)),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}

function openView(model: LinesModel, app: AppModel, elements: LogElements): LogView {
  const { preferences, panel } = app
  const expanded = new Set<number>()
  const log: LogView = new LogView({
    ...elements,
    lines: model.lines.peek(),
    context: createContext(model, preferences, expanded),
    isWrapping: () => preferences.wrap.peek(),
    isFolding: () => preferences.fold.peek(),
    onFollow: (isFollowing) => {
      if (isFollowing) model.jumpToLatest()
      else model.follow.value = false
    },
    onSelect: (pos, isExtending) => {
      const cursor = model.selected.peek()
      if (isExtending && cursor !== null) model.anchor.value ??= cursor
      else model.anchor.value = null
      model.selected.value = cursor === pos && !isExtending ? null : pos
    },
    onShowAll: (pos, isInRow) => {
      if (isInRow) {
        expanded.add(pos)
        log.redraw(pos)
        return
      }
      model.anchor.value = null
      model.selected.value = pos
      panel.value = 'line'
    },
    onLook: (first, last) => {
      const seen = model.seen.peek()
      if (first !== seen.first || last !== seen.last) model.seen.value = { first, last }
    },
    onDraw: () => {
      model.drawn.value++
    },
    onSelectText: (selection) => {
      model.text.value = selection
    },
    linesPerSecond: () => model.figures.peek().linesPerSecond,
  })
  return log
}

function createContext(
  model: LinesModel,
  preferences: Preferences,
  expanded: ReadonlySet<number>,
): LogViewOptions['context'] {
  const tasks = (): readonly Task[] => model.run.peek()?.tasks ?? []
  return {
    hostOf: (id) =>
      !model.isOneHost && tasks().length > 1
        ? (tasks().find((task) => task.id === id)?.host ?? null)
        : null,
    isExpanded: (pos) => expanded.has(pos),
    hasLinks: () => preferences.links.peek(),
    timeOf: (line, previous) => {
      const start = model.run.peek()?.createdAt ?? line.time
      return lineTime(line, previous, { mode: preferences.time.peek(), start })
    },
    newDay: (line, previous) =>
      newDay(line, previous, {
        mode: preferences.time.peek(),
        locale: preferences.locale.peek(),
      }),
  }
}
