/** The way to alerts, schedules and triggers in the sidebar; also begins with notifications where they are wanted. */
import type { VNode } from 'preact'
import { useEffect } from 'preact/hooks'
import { useApp } from '../../app/app-context.ts'
import { alertsText } from '../../i18n/alerts-text.ts'
import { tabPath } from './automation-lists.ts'
import { watchFirings } from './desktop.ts'

const tabs = ['alerts', 'schedules', 'triggers'] as const

export function AlertsSection(): VNode {
  const app = useApp()
  const s = alertsText.value
  const { kind } = app.router.route.value
  const asked = new URLSearchParams(app.router.query.value).get('tab') ?? 'alerts'
  useEffect(() => watchFirings(app), [app])
  return (
    <section>
      <h2 class="sidebar-title">{s.section}</h2>
      <ul>
        {tabs.map((tab) => (
          <li key={tab}>
            <a
              class="sidebar-item"
              href={tabPath(tab)}
              aria-current={kind === 'alerts' && asked === tab ? 'page' : undefined}
            >
              <span class="sidebar-name">{s.tabs[tab]}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}
