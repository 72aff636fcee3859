/** What the palette offers: hosts, actions, runs and settings. */
import { sourceText } from '../../../shared/source.ts'
import { actions } from '../../app/actions.ts'
import type { AppModel } from '../../app/app-model.ts'
import { chooseHost } from '../../app/choose-host.ts'
import { hostsUsed } from '../../app/hosts-used.ts'
import { keyLabel } from '../../app/keys.ts'
import type { Theme } from '../../app/preferences.ts'
import { settingsParts } from '../../app/router.ts'
import { alertsText } from '../../i18n/alerts-text.ts'
import { shortTime } from '../../i18n/format.ts'
import { pageTexts } from '../../i18n/page-texts.ts'
import { savedText } from '../../i18n/saved-text.ts'
import { type Locale, text } from '../../i18n/text.ts'
import type { IconName } from '../../ui/icon.tsx'
import { tabPath } from '../alerts/automation-lists.ts'
import { runTone, type Tone, taskTone } from '../runs/tones.ts'
import { savedList, sourceLine, startPath } from '../saved/saved-list.ts'
import { runActionEntries } from './run-action-entries.ts'
import type { Scope } from './typed.ts'

export type Group = 'hosts' | 'saved' | 'actions' | 'runs' | 'settings' | 'place'

export interface Entry {
  readonly id: string
  readonly group: Group
  readonly text: string
  /** Commands and hosts as they are typed. */
  readonly isCode: boolean
  readonly mark: { readonly icon: IconName } | { readonly tone: Tone }
  /** Beside it, small: where a run is meant, how it ended. */
  readonly more: string
  readonly keys: readonly string[]
  readonly act: () => void
}

const groupsOf: Readonly<Record<Exclude<Scope, 'place'>, readonly ListedGroup[]>> = {
  all: ['hosts', 'saved', 'actions', 'runs', 'settings'],
  action: ['actions'],
  host: ['hosts'],
  run: ['runs'],
}

type ListedGroup = Exclude<Group, 'place'>

/** All entries of a scope, what was used last first. */
export function entriesOf(app: AppModel, scope: Exclude<Scope, 'place'>): readonly Entry[] {
  return groupsOf[scope].flatMap((group) => makers[group](app))
}

const makers: Readonly<Record<ListedGroup, (app: AppModel) => readonly Entry[]>> = {
  hosts: hostEntries,
  saved: savedEntries,
  actions: (app) => [...actionEntries(app), ...runActionEntries(app)],
  runs: runEntries,
  settings: settingEntries,
}

function hostEntries(app: AppModel): readonly Entry[] {
  const t = text.value
  const used = hostsUsed(app.runs.value, Number.MAX_SAFE_INTEGER)
  const isUsed = new Set(used.map(({ task }) => task.host))
  const others = app.hostList.value?.hosts.filter(({ name }) => !isUsed.has(name)) ?? []
  const ofRuns = used.map(
    ({ task, run }): Entry => ({
      id: `host-${task.host}`,
      group: 'hosts',
      text: task.host,
      isCode: false,
      mark: { tone: taskTone(task, run) },
      more: task.exitCode === null ? t.taskStates[task.state] : t.exit(task.exitCode),
      keys: [],
      act: () => chooseHost(app, task.host),
    }),
  )
  const unused = others.map(
    ({ name, config }): Entry => ({
      id: `host-${name}`,
      group: 'hosts',
      text: name,
      isCode: false,
      mark: { tone: 'off' },
      more: config === null ? '' : config.file,
      keys: [],
      act: () => chooseHost(app, name),
    }),
  )
  return [...ofRuns, ...unused]
}

/** Each opens the form that starts it; the last one all of them. */
function savedEntries({ router }: AppModel): readonly Entry[] {
  const s = savedText.value
  const plain = { group: 'saved', isCode: false, mark: { icon: 'mark' }, keys: [] } as const
  const commands = savedList.value ?? []
  return [
    ...commands.map((command) => ({
      ...plain,
      id: `saved-${command.name}`,
      text: command.name,
      more: command.target ?? sourceLine(command),
      act: () => router.go(startPath(command.name)),
    })),
    { ...plain, id: 'saved', text: s.title, more: '', act: () => router.go('/saved') },
  ]
}

function actionEntries(app: AppModel): readonly Entry[] {
  const t = text.value
  return actions
    .filter(({ name, isPossible }) => name !== 'palette' && isPossible?.(app) !== false)
    .map(({ name, keys, icon, act }) => ({
      id: `action-${name}`,
      group: 'actions',
      text: t.actions[name],
      isCode: false,
      mark: { icon },
      more: '',
      keys: keys.slice(0, 1).flatMap((key) => key.split(' ').map(keyLabel)),
      act: () => act(app),
    }))
}

function runEntries(app: AppModel): readonly Entry[] {
  const t = text.value
  return app.runs.value.map((run) => ({
    id: run.id,
    group: 'runs',
    text: sourceText(run.source),
    isCode: true,
    mark: { tone: runTone(run) },
    more: [
      run.hosts > 1 ? t.hostCount(run.hosts) : (run.firstTasks[0]?.host ?? run.target),
      run.outcome === null ? t.runStates[run.state] : t.outcomes[run.outcome],
      shortTime(run.createdAt, app.now.value, app.preferences.locale.value),
    ].join(' · '),
    keys: [],
    act: () => app.router.go(`/runs/${run.id}`),
  }))
}

/** Ways to what Farglass does by itself. */
function automationEntries({ router }: AppModel): readonly Entry[] {
  const s = alertsText.value
  const plain = { group: 'settings', isCode: false, more: '', keys: [] } as const
  return (['alerts', 'schedules', 'triggers'] as const).map((tab) => ({
    ...plain,
    id: `automation-${tab}`,
    text: s.tabs[tab],
    mark: { icon: 'clock' },
    act: () => router.go(tabPath(tab)),
  }))
}

function settingEntries(app: AppModel): readonly Entry[] {
  const { preferences, router } = app
  const t = text.value
  const p = pageTexts.value
  const { theme, locale } = preferences
  const plain = { group: 'settings', isCode: false, more: '', keys: [] } as const
  const themes: readonly (readonly [Theme, IconName])[] = [
    ['system', 'screen'],
    ['dark', 'moon'],
    ['light', 'sun'],
  ]
  const languages: readonly (readonly [Locale, string])[] = [
    ['en', 'English'],
    ['zh-CN', '简体中文'],
  ]
  return [
    ...automationEntries(app),
    ...themes.map(([name, icon]) => ({
      ...plain,
      id: `theme-${name}`,
      text: t.themes[name],
      mark: { icon },
      act: () => {
        theme.value = name
      },
    })),
    ...settingsParts.map((part) => ({
      ...plain,
      id: `settings-${part}`,
      text: `${t.settings}: ${p.settingsParts[part]}`,
      mark: { icon: 'settings' } as const,
      act: () => router.go(`/settings/${part}`),
    })),
    ...languages.map(([name, itself]) => ({
      ...plain,
      id: `language-${name}`,
      text: itself,
      mark: { icon: 'language' } as const,
      act: () => {
        locale.value = name
      },
    })),
  ]
}
