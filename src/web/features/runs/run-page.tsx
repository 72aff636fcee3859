/** A run: header, log and inspector. */

import { useComputed, useSignalEffect } from '@preact/signals'
import type { VNode } from 'preact'
import { useEffect, useMemo } from 'preact/hooks'
import { sourceText } from '../../../shared/source.ts'
import { useApp } from '../../app/app-context.ts'
import { text } from '../../i18n/text.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { lazy } from '../../ui/lazy.tsx'
import { Said } from '../../ui/said.tsx'
import { finder, useFinder } from '../find/finder-slot.ts'
import { copySelection } from '../viewer/copy-lines.ts'
import { LineList } from '../viewer/line-list.tsx'
import { setLogView } from '../viewer/log-commands.ts'
import { LogPill } from '../viewer/log-pill.tsx'
import { linesOfRun } from '../viewer/run-lines.ts'
import { unreadOf } from '../viewer/unread.ts'
import { ConnectionBar } from './connection-bar.tsx'
import { LogToolbar } from './log-toolbar.tsx'
import { PhoneBar } from './phone-bar.tsx'
import { RunHeader } from './run-header.tsx'
import type { RunModel } from './run-model.ts'
import '../../app/not-here.css'
import './run-page.css'

const AwayBars = lazy(async () => (await import('./away-bars.tsx')).AwayBars, 'later')
const ByHost = lazy(async () => (await import('../by-host/by-host.tsx')).ByHost)
const Inspector = lazy(async () => (await import('./inspector.tsx')).Inspector, 'later')
const NotHere = lazy(async () => (await import('../../app/not-here.tsx')).NotHere)
const Grouped = lazy(async () => (await import('../grouped/grouped.tsx')).Grouped)
const LogState = lazy(async () => (await import('./log-state.tsx')).LogState, 'later')
const StopDialog = lazy(async () => (await import('./stop-dialog.tsx')).StopDialog)
const WholeLine = lazy(async () => (await import('../whole-line/whole-line.tsx')).WholeLine)
const Histogram = lazy(async () => (await import('../find/histogram.tsx')).Histogram)
const Ruler = lazy(async () => (await import('../find/ruler.tsx')).Ruler)
const FindState = lazy(async () => (await import('../find/find-state.tsx')).FindState)

export function RunPage({ model }: { readonly model: RunModel }): VNode {
  const app = useApp()
  const { panel, refreshRuns, view } = app
  useFinder(app, model)
  useEffect(() => {
    const onCopy = (event: ClipboardEvent): void => copySelection(app, event)
    document.addEventListener('copy', onCopy)
    return () => document.removeEventListener('copy', onCopy)
  }, [app])
  const t = text.value
  const close = (): void => {
    panel.value = 'none'
  }
  useSignalEffect(() => {
    const unread = unreadOf(model).lines
    const count = unread > 0 ? `(${unread}) ` : ''
    const source = model.run.value?.source
    const title = source === undefined ? '' : sourceText(source).slice(0, 60)
    document.title = `${count}${title} · Farglass`
  })
  // A run that is new to this browser, or that has just ended, changes the lists.
  const state = model.run.value?.state
  useEffect(() => void refreshRuns(), [state, refreshRuns])
  if (model.error.value !== null && model.run.value === null) {
    return model.error.value.code === 'not-found' ? <NotHere /> : <Unreadable model={model} />
  }
  return (
    <main class="page run-page">
      <RunHeader model={model} />
      <div class="run-body">
        <div class="run-log">
          {view.state.value.view !== 'grouped' && <HistogramPlace model={model} />}
          <LogToolbar model={model} />
          <ConnectionBar model={model} />
          <AwayBars model={model} />
          <div class="run-log-area">
            <Lines model={model} />
          </div>
        </div>
        <aside class="run-inspector" aria-label={t.inspector}>
          <Inspector model={model} />
        </aside>
      </div>
      <PhoneBar model={model} />
      {panel.value === 'stop' && <StopDialog model={model} onClose={close} />}
      {panel.value === 'line' && <WholeLine model={model} onClose={close} />}
      {panel.value === 'inspector' && (
        <Dialog title={t.inspector} kind="drawer-right" hasHiddenTitle onClose={close}>
          <Inspector model={model} />
        </Dialog>
      )}
    </main>
  )
}

/** It has its room before it has its code, so that the log stays where it is. */
function HistogramPlace({ model }: { readonly model: RunModel }): VNode | null {
  const hasLines = useComputed(() => model.tail.value > 0).value
  if (!hasLines) return null
  return (
    <div class="histogram-place">
      {finder.value !== null && <Histogram finder={finder.value} />}
    </div>
  )
}

/** The lines in the view that the reader has chosen. */
function Lines({ model }: { readonly model: RunModel }): VNode {
  const { view } = useApp()
  switch (view.state.value.view) {
    case 'grouped':
      return <Grouped model={model} />
    case 'hosts':
      return (
        <>
          <ByHost model={model} />
          <Finding />
        </>
      )
    case 'merged':
      return <Merged model={model} />
  }
}

function Merged({ model }: { readonly model: RunModel }): VNode {
  const lines = useMemo(() => linesOfRun(model), [model])
  return (
    <>
      <LineList model={lines} label={text.value.log} onReady={setLogView}>
        <LogPill model={model} />
      </LineList>
      {finder.value !== null && <Ruler finder={finder.value} />}
      <LogState model={model} />
      <Finding />
    </>
  )
}

function Finding(): VNode | null {
  return finder.value === null ? null : <FindState finder={finder.value} />
}

function Unreadable({ model }: { readonly model: RunModel }): VNode {
  const t = text.value
  const error = model.error.value
  return (
    <main class="page not-here">
      <div class="not-here-box">
        <h1>{t.errorTitle}</h1>
        {error !== null && (
          <p>
            <Said of={error} />
          </p>
        )}
        <p class="not-here-actions">
          <button type="button" class="button" onClick={() => model.retryNow()}>
            {t.tryAgain}
          </button>
        </p>
      </div>
    </main>
  )
}
