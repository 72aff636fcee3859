/** Whether what is shown is live, whether anything is missing, and the keys that help most. */
import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { ModeHint } from '../features/runs/mode-hint.tsx'
import type { Connection } from '../features/runs/run-feed.ts'
import type { RunModel } from '../features/runs/run-model.ts'
import type { Tone } from '../features/runs/tones.ts'
import type { Catalog } from '../i18n/en.ts'
import { pageTexts } from '../i18n/page-texts.ts'
import { text } from '../i18n/text.ts'
import { lazy } from '../ui/lazy.tsx'
import { useApp } from './app-context.ts'
import './status-bar.css'

const KeptState = lazy(
  async () => (await import('../features/retention/kept-state.tsx')).KeptState,
  'later',
)

export function StatusBar(): VNode {
  useOnline()
  const { current, session, panel } = useApp()
  const t = text.value
  const p = pageTexts.value
  const model = current.value
  const { tone, word } = statusOf(
    model?.connection.value ?? null,
    session.problem.value !== null,
    t,
  )
  const delay = session.delayMs.value
  return (
    <footer class="status-bar" aria-label={t.status}>
      <span
        class={`status-item tone-${tone}`}
        {...(model?.connection.value.kind === 'held' ? { title: p.streamHeldTitle } : {})}
      >
        <span class={`dot tone-${tone}`} />
        <b>{word}</b>
        {delay !== null && tone === 'ok' && <span title={p.delayTitle}>{t.delay(delay)}</span>}
      </span>
      {model !== null && <RunStatus model={model} />}
      <span class="status-keys">
        <Key name="C" word={t.command} />
        <Key name="F" word={t.follow} />
        <Key name="W" word={t.wrap} />
        <button
          type="button"
          class="status-key"
          onClick={() => {
            panel.value = 'keys'
          }}
        >
          <span class="kbd">?</span>
          {t.allKeys}
        </button>
      </span>
    </footer>
  )
}

/** Draws again when this device goes on or off line. */
function useOnline(): void {
  const [, setOnline] = useState(navigator.onLine)
  useEffect(() => {
    const change = (): void => setOnline(navigator.onLine)
    for (const name of ['online', 'offline']) addEventListener(name, change)
    return () => {
      for (const name of ['online', 'offline']) removeEventListener(name, change)
    }
  }, [])
}

/** What stands for the run: nothing is missing, how long it stays, and what a cut would do to it. */
function RunStatus({ model }: { readonly model: RunModel }): VNode | null {
  const run = model.run.value
  if (run === null) return null
  return (
    <>
      <Check model={model} />
      <KeptState model={model} />
      <ModeHint run={run} />
    </>
  )
}

function Check({ model }: { readonly model: RunModel }): VNode | null {
  const run = model.run.value
  if (run === null) return null
  const { lines, gaps, missing, repeated } = model.figures.value
  const lost = run.lost + missing
  const duplicated = run.duplicated + repeated
  // Of a command that was lost nobody knows what else it would have written.
  const isEndKnown = lost > 0 || run.tasks.every(({ state }) => state !== 'lost')
  const t = text.value
  const p = pageTexts.value
  return (
    <>
      <span class={lost + duplicated > 0 ? 'status-item bad' : 'status-item'} title={p.checkTitle}>
        <span>
          <span class="status-lines">{p.checkedLines(lines)} · </span>
          {isEndKnown ? p.checked(lost, duplicated) : p.checkedOpen(duplicated)}
        </span>
      </span>
      {gaps > 0 && (
        <span class="status-item tone-warn" title={p.gapsTitle}>
          <b>{t.gaps(gaps)}</b>
        </span>
      )}
    </>
  )
}

function Key({ name, word }: { readonly name: string; readonly word: string }): VNode {
  return (
    <span class="status-key">
      <kbd class="kbd">{name}</kbd>
      {word}
    </span>
  )
}

function statusOf(
  connection: Connection | null,
  isUnreachable: boolean,
  t: Catalog,
): { readonly tone: Tone; readonly word: string } {
  switch (connection?.kind) {
    case undefined:
      return statusWithoutRun(isUnreachable, t)
    case 'connecting':
      return { tone: 'off', word: t.connecting }
    case 'live':
      return { tone: 'ok', word: t.live }
    case 'polling':
      return { tone: 'ok', word: t.polling }
    case 'held':
      return { tone: 'warn', word: t.streamHeld }
    case 'lost':
      return { tone: 'warn', word: t.connectionLost }
    case 'hidden':
      return { tone: 'off', word: t.sleeping }
    case 'signed-out':
      return { tone: 'warn', word: t.signIn }
    case 'complete':
      return { tone: 'off', word: t.complete }
  }
}

function statusWithoutRun(
  isUnreachable: boolean,
  t: Catalog,
): { readonly tone: Tone; readonly word: string } {
  if (!navigator.onLine) return { tone: 'warn', word: t.offline }
  return isUnreachable ? { tone: 'warn', word: t.unreachable } : { tone: 'ok', word: t.ready }
}
