/** The part of the sidebar with the saved commands: each starts with one click. */
import type { VNode } from 'preact'
import { useEffect } from 'preact/hooks'
import { useApp } from '../../app/app-context.ts'
import { savedText } from '../../i18n/saved-text.ts'
import { loadSaved, savedList, sourceLine, startPath } from './saved-list.ts'
import './saved-section.css'

/** As many as leave room for hosts and runs. */
const mostShown = 5

export function SavedSection(): VNode {
  const app = useApp()
  const s = savedText.value
  useEffect(() => {
    // The list is a convenience here: its own screen says what is wrong.
    loadSaved(app).catch(() => {})
  }, [app])
  const commands = savedList.value ?? []
  return (
    <section>
      <h2 class="sidebar-title">
        {s.title} {commands.length > 0 && <span>{commands.length}</span>}
        <a href="/saved" class="sidebar-all">
          {s.all}
        </a>
      </h2>
      <ul>
        {commands.slice(0, mostShown).map((command) => (
          <li key={command.name}>
            <a class="sidebar-item saved-item" href={startPath(command.name)}>
              <span class="sidebar-name">{command.name}</span>
              <span class="saved-item-source mono">{sourceLine(command)}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}
