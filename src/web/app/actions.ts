/**
 * Everything that can be done by a key or by its name. The keyboard, the sheet of all keys and the
 * palette are made of this one table, so that nothing can be missing in one of them.
 */

import { findCommands } from '../features/find/find-commands.ts'
import { canGiveUp } from '../features/runs/away-hosts.ts'
import { nextView } from '../features/runs/view-state.ts'
import { logCommands } from '../features/viewer/log-commands.ts'
import type { Catalog } from '../i18n/en.ts'
import type { IconName } from '../ui/icon.tsx'
import type { AppModel } from './app-model.ts'
import { nextTime, toggleFold, toggleWrap } from './preferences.ts'

export type ActionName = keyof Catalog['actions']

export interface Action {
  readonly name: ActionName
  /** As `keyNameOf` names them, each enough by itself; none for what only the palette offers. */
  readonly keys: readonly string[]
  readonly icon: IconName
  /** Whether there is something to do it to; without it there always is. */
  readonly isPossible?: (app: AppModel) => boolean
  /** With the name of its key, when it was one. */
  readonly act: (app: AppModel, key?: string) => void
}

const hasRun = ({ current }: AppModel): boolean => current.value !== null
const hasSearch = ({ view }: AppModel): boolean => view.state.value.search !== null
const isNarrow = (): boolean => matchMedia('(max-width: 1180px)').matches
const go =
  (path: string) =>
  ({ router }: AppModel): void =>
    router.go(path)

/** In the order of the sheet. */
export const actions: readonly Action[] = [
  { name: 'palette', keys: ['Mod+k'], icon: 'search', act: openPalette('') },
  {
    name: 'run',
    keys: ['Mod+Enter'],
    icon: 'run',
    act: () => document.querySelector<HTMLFormElement>('#run-form')?.requestSubmit(),
  },
  {
    name: 'command',
    keys: ['c'],
    icon: 'prompt',
    act: () => document.getElementById('command')?.focus(),
  },
  { name: 'newRun', keys: [], icon: 'plus', act: go('/') },
  { name: 'runs', keys: [], icon: 'list', act: go('/runs') },
  { name: 'hostsPage', keys: [], icon: 'hosts', act: go('/hosts') },
  { name: 'searchRuns', keys: [], icon: 'search', act: go('/search') },
  {
    name: 'again',
    keys: ['r'],
    icon: 'refresh',
    isPossible: ({ current }) => current.value?.run.value?.state === 'ended',
    act: (app) => {
      const run = app.current.value?.run.value ?? null
      if (run !== null) void app.runAgain(run)
    },
  },
  {
    name: 'stop',
    keys: ['s'],
    icon: 'stopped',
    isPossible: canStop,
    act: ({ panel }) => {
      panel.value = 'stop'
    },
  },
  {
    name: 'link',
    keys: ['y'],
    icon: 'link',
    isPossible: hasRun,
    act: (app) => void logCommands.copyLink(app),
  },
  {
    name: 'mark',
    keys: ['m'],
    icon: 'mark',
    isPossible: ({ current }) => (current.value?.selected.value ?? null) !== null,
    act: (app) => void logCommands.toggleMark(app),
  },
  {
    name: 'nextMark',
    keys: ['M'],
    icon: 'mark',
    isPossible: ({ current }) => (current.value?.marks.all.value.length ?? 0) > 0,
    act: ({ current }) => logCommands.nextMark(current.value),
  },
  {
    name: 'follow',
    keys: ['f'],
    icon: 'latest',
    isPossible: hasRun,
    act: ({ current }) => logCommands.toggleFollow(current.value),
  },
  { name: 'goTo', keys: [':'], icon: 'goTo', isPossible: hasRun, act: openPalette(':') },
  {
    name: 'end',
    keys: ['G', 'End'],
    icon: 'latest',
    isPossible: hasRun,
    act: ({ current }) => logCommands.end(current.value),
  },
  {
    name: 'home',
    keys: ['g g', 'Home'],
    icon: 'up',
    isPossible: hasRun,
    act: ({ current }) => logCommands.start(current.value),
  },
  {
    name: 'pageDown',
    keys: ['PageDown', 'Space'],
    icon: 'down',
    isPossible: hasRun,
    act: () => logCommands.page(1),
  },
  {
    name: 'pageUp',
    keys: ['PageUp', 'Shift+Space'],
    icon: 'up',
    isPossible: hasRun,
    act: () => logCommands.page(-1),
  },
  {
    name: 'nextLine',
    keys: ['j', 'ArrowDown'],
    icon: 'down',
    isPossible: hasRun,
    act: ({ current }) => logCommands.move(current.value, 1),
  },
  {
    name: 'previousLine',
    keys: ['k', 'ArrowUp'],
    icon: 'up',
    isPossible: hasRun,
    act: ({ current }) => logCommands.move(current.value, -1),
  },
  {
    name: 'extendDown',
    keys: ['Shift+ArrowDown'],
    icon: 'down',
    isPossible: hasRun,
    act: ({ current }) => logCommands.extend(current.value, 1),
  },
  {
    name: 'extendUp',
    keys: ['Shift+ArrowUp'],
    icon: 'up',
    isPossible: hasRun,
    act: ({ current }) => logCommands.extend(current.value, -1),
  },
  {
    name: 'search',
    keys: ['/', 'Mod+f'],
    icon: 'search',
    isPossible: hasRun,
    act: (app) => findCommands.search(app),
  },
  {
    name: 'nextHit',
    keys: ['n'],
    icon: 'arrowDown',
    isPossible: hasSearch,
    act: () => findCommands.walk(1),
  },
  {
    name: 'previousHit',
    keys: ['N'],
    icon: 'arrowUp',
    isPossible: hasSearch,
    act: () => findCommands.walk(-1),
  },
  {
    name: 'filter',
    keys: [],
    icon: 'filter',
    isPossible: hasRun,
    act: ({ panel }) => {
      panel.value = 'filter'
    },
  },
  {
    name: 'filterOut',
    keys: ['x'],
    icon: 'eyeOff',
    isPossible: hasRun,
    act: (app) => void findCommands.filterOut(app),
  },
  {
    name: 'context',
    keys: ['o'],
    icon: 'goTo',
    isPossible: ({ current, view }) =>
      current.value?.selected.value !== null && view.state.value.filters.some(({ isOn }) => isOn),
    act: (app) => findCommands.showInContext(app),
  },
  {
    name: 'nextError',
    keys: ['e'],
    icon: 'arrowDown',
    isPossible: hasRun,
    act: (app) => void findCommands.near(app, 'err', 1),
  },
  {
    name: 'previousError',
    keys: ['E'],
    icon: 'arrowUp',
    isPossible: hasRun,
    act: (app) => void findCommands.near(app, 'err', -1),
  },
  {
    name: 'nextNote',
    keys: [']'],
    icon: 'arrowDown',
    isPossible: hasRun,
    act: (app) => void findCommands.near(app, 'note', 1),
  },
  {
    name: 'previousNote',
    keys: ['['],
    icon: 'arrowUp',
    isPossible: hasRun,
    act: (app) => void findCommands.near(app, 'note', -1),
  },
  {
    name: 'onlyHost',
    keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
    icon: 'hosts',
    isPossible: (app) => (app.current.value?.run.value?.tasks.length ?? 0) > 1,
    act: (app, key) => findCommands.onlyHostAt(app, Number(key ?? 1)),
  },
  {
    name: 'allHosts',
    keys: ['0'],
    icon: 'hosts',
    isPossible: hasRun,
    act: (app) => findCommands.allHosts(app),
  },
  {
    name: 'wrap',
    keys: ['w'],
    icon: 'wrap',
    act: ({ preferences }) => toggleWrap(preferences),
  },
  { name: 'fold', keys: ['z'], icon: 'fold', act: ({ preferences }) => toggleFold(preferences) },
  {
    name: 'unfoldHere',
    keys: ['ArrowRight'],
    icon: 'fold',
    isPossible: ({ current }) => logCommands.canFold(current.value, true),
    act: ({ current }) => logCommands.fold(current.value, true),
  },
  {
    name: 'foldHere',
    keys: ['ArrowLeft'],
    icon: 'fold',
    isPossible: ({ current }) => logCommands.canFold(current.value, false),
    act: ({ current }) => logCommands.fold(current.value, false),
  },
  {
    name: 'time',
    keys: ['t'],
    icon: 'clock',
    act: ({ preferences }) => nextTime(preferences),
  },
  {
    name: 'view',
    keys: ['v'],
    icon: 'panes',
    isPossible: ({ current }) => (current.value?.run.value?.tasks.length ?? 0) > 1,
    act: ({ view }) => view.change((state) => ({ ...state, view: nextView(state.view) })),
  },
  {
    name: 'sidebar',
    keys: ['b'],
    icon: 'menu',
    isPossible: isNarrow,
    act: ({ panel }) => {
      panel.value = 'sidebar'
    },
  },
  {
    name: 'inspector',
    keys: ['i'],
    icon: 'hosts',
    isPossible: (app) => hasRun(app) && isNarrow(),
    act: ({ panel }) => {
      panel.value = 'inspector'
    },
  },
  { name: 'settings', keys: [], icon: 'settings', act: go('/settings') },
  {
    name: 'help',
    keys: ['?'],
    icon: 'keyboard',
    act: ({ panel }) => {
      panel.value = 'keys'
    },
  },
  {
    name: 'escape',
    keys: ['Escape'],
    icon: 'close',
    isPossible: hasRun,
    act: clearSelection,
  },
]

function openPalette(typed: string): (app: AppModel) => void {
  return ({ palette }) => {
    palette.value = typed
  }
}

function canStop({ current }: AppModel): boolean {
  const run = current.value?.run.value ?? null
  if (run === null) return false
  return run.state === 'running' || run.state === 'queued' || canGiveUp(run)
}

function clearSelection({ current, router }: AppModel): void {
  if (current.value === null || findCommands.clearSearch()) return
  current.value.selected.value = null
  current.value.anchor.value = null
  logCommands.clearText()
  router.mark('')
}
