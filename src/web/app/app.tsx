/** The frame: sidebar, command bar, what the route shows, status bar, and the dialogs over it. */
import type { VNode } from 'preact'
import { useEffect } from 'preact/hooks'
import { CommandBar } from '../features/runs/command-bar.tsx'
import { RunPage } from '../features/runs/run-page.tsx'
import { text } from '../i18n/text.ts'
import { Dialog } from '../ui/dialog.tsx'
import { firstViewShown } from '../ui/first-view.ts'
import { lazy } from '../ui/lazy.tsx'
import { Said } from '../ui/said.tsx'
import { useApp } from './app-context.ts'
import type { Route } from './router.ts'
import { Sidebar } from './sidebar.tsx'
import { useKeys } from './use-keys.ts'
import './app.css'

const SignInScreen = lazy(
  async () => (await import('../features/sign-in/sign-in.tsx')).SignInScreen,
)
const SignInDialog = lazy(
  async () => (await import('../features/sign-in/sign-in.tsx')).SignInDialog,
)
const Questions = lazy(
  async () => (await import('../features/questions/questions.tsx')).Questions,
  'later',
)
const NewRun = lazy(async () => (await import('../features/runs/new-run.tsx')).NewRun)
const StatusBar = lazy(async () => (await import('./status-bar.tsx')).StatusBar, 'later')
const NotHere = lazy(async () => (await import('./not-here.tsx')).NotHere)
const ConfirmDialog = lazy(
  async () => (await import('../features/target/confirm-dialog.tsx')).ConfirmDialog,
)
const KeyHelp = lazy(async () => (await import('./key-help.tsx')).KeyHelp)
const loadPalette = async () => (await import('../features/palette/palette.tsx')).Palette
const Palette = lazy(loadPalette)
const RunList = lazy(async () => (await import('../features/run-list/run-list.tsx')).RunList)
const SearchPage = lazy(async () => (await import('../features/search/search-page.tsx')).SearchPage)
const HostsPage = lazy(async () => (await import('../features/hosts/hosts-page.tsx')).HostsPage)
const HostPage = lazy(async () => (await import('../features/hosts/host-page.tsx')).HostPage)
const SavedPage = lazy(async () => (await import('../features/saved/saved-page.tsx')).SavedPage)
const AlertsPage = lazy(async () => (await import('../features/alerts/alerts-page.tsx')).AlertsPage)
const SettingsPage = lazy(
  async () => (await import('../features/settings/settings-page.tsx')).SettingsPage,
)

/** Those whose address says no more than which. */
const plainPages: Readonly<
  Record<Exclude<Route['kind'], 'host' | 'settings' | 'run'>, (props: object) => VNode | null>
> = {
  'new-run': NewRun,
  'sign-in': NewRun,
  runs: RunList,
  search: SearchPage,
  hosts: HostsPage,
  saved: SavedPage,
  alerts: AlertsPage,
  'not-found': NotHere,
}

export function App(): VNode {
  const app = useApp()
  const { info, problem } = app.session
  useKeys(app)
  const isSignedIn = info.value?.signedIn === true
  const hasWorked = app.current.value !== null || app.runs.value.length > 0
  if (info.value === null && problem.value === null) return <main class="boot" aria-busy="true" />
  if (!isSignedIn && !hasWorked) return <SignInScreen />
  return (
    <div class="frame">
      <aside class="frame-side" aria-label={text.value.menu}>
        <Sidebar />
      </aside>
      <div class="frame-main">
        <CommandBar />
        <Routed />
        <div class="frame-status">
          <StatusBar />
        </div>
      </div>
      <Panels />
      {isSignedIn ? <Questions /> : <SignInDialog />}
      <div class="toast" role="status">
        {app.toast.value !== null && <Said of={app.toast.value} />}
      </div>
    </div>
  )
}

function Routed(): VNode {
  const { router, current } = useApp()
  const route = router.route.value
  if (route.kind === 'host') return <HostPage key={route.name} name={route.name} />
  if (route.kind === 'settings') return <SettingsPage part={route.part} />
  if (route.kind === 'run') {
    const model = current.value
    return model === null ? <main class="page" /> : <RunPage key={model.id} model={model} />
  }
  const Plain = plainPages[route.kind]
  return <Plain />
}

function Panels(): VNode | null {
  const { panel, palette, confirm } = useApp()
  const t = text.value
  // Ready before it is asked for: nobody waits for what is typed.
  useEffect(() => void firstViewShown.then(loadPalette).catch(() => {}), [])
  if (confirm.value !== null) return <ConfirmDialog confirm={confirm.value} />
  if (palette.value !== null) return <Palette typed={palette.value} />
  const close = (): void => {
    panel.value = 'none'
  }
  if (panel.value === 'keys') return <KeyHelp onClose={close} />
  if (panel.value !== 'sidebar') return null
  return (
    <Dialog title={t.menu} kind="drawer-left" hasHiddenTitle onClose={close}>
      <Sidebar />
    </Dialog>
  )
}
