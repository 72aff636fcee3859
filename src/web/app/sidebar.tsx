/** Where to go: a new run, targets, saved commands, recent runs, and the choices of this browser. */
import type { VNode } from 'preact'
import type { ListedRun } from '../../shared/listed-run.ts'
import { sourceText } from '../../shared/source.ts'
import { runTone } from '../features/runs/tones.ts'
import { shortTime } from '../i18n/format.ts'
import { text } from '../i18n/text.ts'
import { Icon } from '../ui/icon.tsx'
import { lazy } from '../ui/lazy.tsx'
import { useApp } from './app-context.ts'
import { Choices } from './choices.tsx'
import { keyLabel } from './keys.ts'
import { Logo } from './logo.tsx'
import './sidebar.css'

const TargetTree = lazy(
  async () => (await import('../features/hosts/target-tree.tsx')).TargetTree,
  'later',
)
const SavedSection = lazy(
  async () => (await import('../features/saved/saved-section.tsx')).SavedSection,
  'later',
)
const AlertsSection = lazy(
  async () => (await import('../features/alerts/alerts-section.tsx')).AlertsSection,
  'later',
)
/** As many as leave room for what stands below; the list has all of them. */
const runsShown = 8

export function Sidebar(): VNode {
  const { runs, session } = useApp()
  const t = text.value
  return (
    <div class="sidebar">
      <div class="sidebar-head">
        <a href="/" aria-label={t.home}>
          <Logo />
        </a>
        <a href="/" class="icon-button" aria-label={t.newRun} title={t.newRun}>
          <Icon name="plus" />
        </a>
      </div>
      <Jump />
      <nav class="sidebar-lists" aria-label={t.menu}>
        <TargetTree />
        <SavedSection />
        <RecentRuns runs={runs.value} />
        <AlertsSection />
      </nav>
      <div class="sidebar-foot">
        <span class="sidebar-who">
          {session.info.value?.auth === 'none' ? t.thisComputerOnly : t.signedIn}
        </span>
        <Choices />
        <a class="icon-button" href="/settings" aria-label={t.settings} title={t.settings}>
          <Icon name="settings" />
        </a>
      </div>
    </div>
  )
}

/** Opens the palette, and shows its key. */
function Jump(): VNode {
  const { palette, panel } = useApp()
  return (
    <button
      type="button"
      class="sidebar-jump"
      onClick={() => {
        panel.value = 'none'
        palette.value = ''
      }}
    >
      <Icon name="search" />
      <span>{text.value.palettePlaceholder}</span>
      <span class="kbd" aria-hidden="true">
        {keyLabel('Mod+k')}
      </span>
    </button>
  )
}

function RecentRuns({ runs }: { readonly runs: readonly ListedRun[] }): VNode {
  const { router, preferences, now } = useApp()
  const t = text.value
  const route = router.route.value
  return (
    <section>
      <h2 class="sidebar-title">
        {t.recentRuns}
        <a href="/runs" class="sidebar-all">
          {t.allRuns}
        </a>
      </h2>
      {/* Beside a run the list is only on its way. */}
      {runs.length === 0 && route.kind !== 'run' && <p class="sidebar-empty">{t.noRunsYet}</p>}
      <ul>
        {runs.slice(0, runsShown).map((run) => (
          <li key={run.id}>
            <a
              href={`/runs/${run.id}`}
              class="sidebar-item"
              aria-current={route.kind === 'run' && route.id === run.id ? 'page' : undefined}
              title={`${run.target}: ${sourceText(run.source)}`}
            >
              <span class={`dot tone-${runTone(run)}`} />
              <span class="sidebar-name">{sourceText(run.source)}</span>
              <span class="hidden-visually">
                {run.outcome === null ? t.runStates[run.state] : t.outcomes[run.outcome]}
              </span>
              <span class="sidebar-more">
                {shortTime(run.createdAt, now.value, preferences.locale.value)}
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}
