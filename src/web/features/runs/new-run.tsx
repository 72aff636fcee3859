/** The page before anything runs: what this is, and three commands to start with. */
import type { VNode } from 'preact'
import { useEffect } from 'preact/hooks'
import { useApp } from '../../app/app-context.ts'
import { commandKey } from '../../app/keys.ts'
import { pageTexts } from '../../i18n/page-texts.ts'
import { text } from '../../i18n/text.ts'
import { lazy } from '../../ui/lazy.tsx'
import { TargetHosts } from '../target/target-hosts.tsx'
import { targetPreview } from '../target/target-preview.ts'
import { splitTarget } from './split-target.ts'
import './new-run.css'

const FirstHosts = lazy(async () => (await import('./first-hosts.tsx')).FirstHosts)

/** What works on most hosts as it stands: /var/log/syslog is gone from many. */
const suggestions = [
  { name: 'follow', command: 'journalctl -n 50 -f' },
  { name: 'disk', command: 'df -h' },
  { name: 'load', command: 'uptime; free -h' },
] as const

export function NewRun(): VNode {
  const { draft, runs, panel } = useApp()
  const t = text.value
  const p = pageTexts.value
  useEffect(() => {
    document.title = 'Farglass'
    // On a phone the focus would open the keyboard over the page; and who types already is left alone.
    const isTyping = document.activeElement?.closest('#run-form') ?? null
    if (isTyping === null && matchMedia('(min-width: 641px)').matches) {
      document.getElementById(draft.target.value === '' ? 'target' : 'command')?.focus()
    }
  }, [draft])
  const hosts = splitTarget(draft.target.value || (runs.value[0]?.target ?? ''))
  const preview = targetPreview.value
  const count = preview?.expression === draft.target.value.trim() ? preview.count : hosts.length
  const target = count > 1 ? t.hostCount(count) : hosts[0]
  const choose = (command: string): void => {
    draft.source.value = 'command'
    draft.command.value = command
    if (draft.target.value === '') draft.target.value = runs.value[0]?.target ?? ''
    document.getElementById(draft.target.value === '' ? 'target' : 'command')?.focus()
  }
  return (
    <main class="page new-run-page">
      <div class="new-run">
        <div class="new-run-box">
          <h1>{p.newRunTitle}</h1>
          <p>{p.newRunText}</p>
          {runs.value.length === 0 && <FirstHosts />}
          <ul class="new-run-list">
            {suggestions.map(({ name, command }) => (
              <li key={name}>
                <button type="button" onClick={() => choose(command)}>
                  <span>
                    <code>{command}</code>
                    <span>{p.suggestions[name]}</span>
                  </span>
                  <span class="new-run-target">{target}</span>
                </button>
              </li>
            ))}
          </ul>
          <p class="new-run-mode">
            {draft.source.value === 'command'
              ? p.modeTexts[draft.mode.value]
              : p.followTexts[draft.source.value]}
          </p>
          <p class="new-run-keys">
            <span>
              <kbd class="kbd">C</kbd> {t.command}
            </span>
            <span>
              <kbd class="kbd">{commandKey === '⌘' ? '⌘↵' : 'Ctrl ↵'}</kbd> {t.run}
            </span>
            <button
              type="button"
              onClick={() => {
                panel.value = 'keys'
              }}
            >
              <span class="kbd">?</span> {t.allKeys}
            </button>
          </p>
        </div>
      </div>
      <TargetHosts />
    </main>
  )
}
