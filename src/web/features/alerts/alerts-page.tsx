/** What Farglass does by itself: alerts, schedules and triggers, each with what became of it. */
import { useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { useEffect } from 'preact/hooks'
import { useApp } from '../../app/app-context.ts'
import { alertsText } from '../../i18n/alerts-text.ts'
import type { Tab } from '../../i18n/en-alerts.ts'
import { Icon } from '../../ui/icon.tsx'
import { lazy } from '../../ui/lazy.tsx'
import { Problem, useProblem } from '../../ui/problem.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { UnreadableNotes } from '../../ui/unreadable-notes.tsx'
import { AlertCard } from './alert-card.tsx'
import {
  type AutomationLists,
  automationLists,
  editPath,
  loadAutomation,
  tabPath,
} from './automation-lists.ts'
import { ScheduleCard } from './schedule-card.tsx'
import { TriggerCard } from './trigger-card.tsx'
import '../../ui/list-page.css'
import '../saved/saved.css'
import './alerts.css'

const AlertEditor = lazy(async () => (await import('./alert-editor.tsx')).AlertEditor)
const ScheduleEditor = lazy(async () => (await import('./schedule-editor.tsx')).ScheduleEditor)
const TriggerEditor = lazy(async () => (await import('./trigger-editor.tsx')).TriggerEditor)

const tabs: readonly Tab[] = ['alerts', 'schedules', 'triggers']

export function AlertsPage(): VNode {
  const app = useApp()
  const s = alertsText.value
  const problem = useProblem()
  const loaded = useSignal(false)
  const asked = new URLSearchParams(app.router.query.value)
  const tab = tabs.find((each) => each === asked.get('tab')) ?? 'alerts'
  const edited = asked.get('edit')
  useEffect(() => {
    document.title = `${s.tabs[tab]} · Farglass`
  }, [s, tab])
  useEffect(() => {
    void problem.watch(async () => {
      await loadAutomation(app)
      loaded.value = true
    })
  }, [app, problem, edited, loaded])
  const lists = automationLists.value
  if (edited !== null && lists !== null) {
    return <Editor key={`${tab} ${edited}`} tab={tab} name={edited} lists={lists} />
  }
  return (
    <main class="page list-page saved-page">
      <div class="saved-head">
        <h1>{s.title}</h1>
        <a class="button primary" href={editPath(tab, '')}>
          <Icon name="plus" />
          {s.create}
        </a>
      </div>
      <Tabs
        label={s.title}
        tabs={tabs.map((name) => ({ name, title: s.tabs[name], ...countOf(lists, name) }))}
        chosen={tab}
        onChoose={(name) => app.router.go(tabPath(tabs.find((each) => each === name) ?? 'alerts'))}
      >
        <Problem of={problem} />
        {lists !== null && <List tab={tab} lists={lists} />}
      </Tabs>
    </main>
  )
}

function countOf(lists: AutomationLists | null, tab: Tab): { readonly count?: string } {
  const count = lists?.[tab].length ?? 0
  return count === 0 ? {} : { count: String(count) }
}

function List({ tab, lists }: { readonly tab: Tab; readonly lists: AutomationLists }): VNode {
  const s = alertsText.value
  const unreadable = lists.unreadable[tab]
  if (lists[tab].length + unreadable.length === 0) {
    return (
      <div class="saved-empty">
        <b>{s.none[tab]}</b>
        <p>{s.noneText[tab]}</p>
      </div>
    )
  }
  return (
    <>
      <UnreadableNotes of={unreadable} />
      <ul class="saved-cards">
        {tab === 'alerts' && lists.alerts.map((each) => <AlertCard key={each.name} alert={each} />)}
        {tab === 'schedules' &&
          lists.schedules.map((each) => <ScheduleCard key={each.name} schedule={each} />)}
        {tab === 'triggers' &&
          lists.triggers.map((each) => <TriggerCard key={each.name} trigger={each} />)}
      </ul>
    </>
  )
}

interface EditorProps {
  readonly tab: Tab
  readonly name: string
  readonly lists: AutomationLists
}

function Editor({ tab, name, lists }: EditorProps): VNode {
  const named = <T extends { readonly name: string }>(list: readonly T[]): T | null =>
    list.find((each) => each.name === name) ?? null
  if (tab === 'alerts') return <AlertEditor alert={named(lists.alerts)} />
  if (tab === 'schedules') return <ScheduleEditor schedule={named(lists.schedules)} />
  return <TriggerEditor trigger={named(lists.triggers)} />
}
