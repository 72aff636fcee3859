/** English texts of what stands around the runs: actions and their keys. */
import type { ViewKind } from '../features/runs/view-state.ts'

const number = new Intl.NumberFormat('en')
const n = (value: number): string => number.format(value)

const plural = (count: number, one: string, many: string): string =>
  `${n(count)} ${count === 1 ? one : many}`

export const enShell = {
  actions: {
    palette: 'Jump to…' as string,
    run: 'Run the command' as string,
    command: 'Go to the command' as string,
    newRun: 'New run' as string,
    runs: 'All runs' as string,
    searchRuns: 'Search inside all runs' as string,
    again: 'Run again' as string,
    stop: 'Stop the run (asks)' as string,
    link: 'Copy the link to the selected line' as string,
    mark: 'Mark the selected line for everybody, or take it back' as string,
    nextMark: 'Next marked line' as string,
    follow: 'Follow on or off' as string,
    goTo: 'Go to a line or time' as string,
    end: 'Last line, and follow' as string,
    home: 'First line' as string,
    pageDown: 'One page down' as string,
    pageUp: 'One page up' as string,
    nextLine: 'Select the next line' as string,
    previousLine: 'Select the line before' as string,
    extendDown: 'Extend the selection down' as string,
    extendUp: 'Extend the selection up' as string,
    search: 'Search in the run' as string,
    nextHit: 'Next match' as string,
    previousHit: 'Previous match' as string,
    filter: 'Filter the lines' as string,
    filterOut: 'Hide the lines with the selected text' as string,
    context: 'Show the selected line in context, without filters' as string,
    nextError: 'Next stderr line' as string,
    previousError: 'Previous stderr line' as string,
    nextNote: 'Next note' as string,
    previousNote: 'Previous note' as string,
    onlyHost: 'Only the first to ninth host' as string,
    allHosts: 'All hosts' as string,
    wrap: 'Wrap long lines' as string,
    time: 'Time: clock, UTC, since the start, since the line before, none' as string,
    view: 'View: merged, by host, grouped' as string,
    sidebar: 'Sidebar' as string,
    inspector: 'Inspector' as string,
    settings: 'Settings' as string,
    help: 'All keys' as string,
    escape: 'Close, then clear the selection' as string,
  },
  // Run list
  searchInside: 'Search inside all runs' as string,
  filters: 'Filters' as string,
  shownKinds: { all: 'All', running: 'Running', failed: 'Failed' } as Record<
    'all' | 'running' | 'failed',
    string
  >,
  filterText: 'Text in the command' as string,
  filterHost: 'Host' as string,
  filterAge: 'Started' as string,
  ages: {
    any: 'Any time',
    hour: 'Last hour',
    day: 'Last 24 hours',
    week: 'Last 7 days',
    month: 'Last 30 days',
  } as Record<'any' | 'hour' | 'day' | 'week' | 'month', string>,
  clearFilters: 'Clear filters' as string,
  noRunLikeThat: 'No run is like that' as string,
  noRunLikeThatText: 'The filters hide every run that is kept.' as string,
  more: 'More' as string,
  moreOf: (command: string): string => `More for ${command}`,
  open: 'Open' as string,
  removeRun: 'Delete' as string,
  removeTitle: 'Delete this run for good?' as string,
  removeText: (lines: number): string =>
    lines === 0
      ? 'It wrote no line. Links to it will lead nowhere.'
      : `${lines === 1 ? 'Its one line is' : `Its ${n(lines)} lines are`} deleted with it. Links to them will lead nowhere.`,
  runRemoved: 'Run deleted' as string,
  // Search in all runs
  searchTitle: 'Search inside all runs' as string,
  searchField: 'Text in a line' as string,
  searchCase: 'Capital letters count' as string,
  searchRegex: 'Regular expression' as string,
  searchHelp:
    'Every line of every run that is kept is looked at on the server, the newest run first.' as string,
  searchGo: 'Search' as string,
  searchRunning: (looked: number): string => `Looking: ${plural(looked, 'run', 'runs')} so far`,
  searchDone: (looked: number): string =>
    `Looked through ${plural(looked, 'run', 'runs')}, all that there are`,
  searchPaused: (looked: number, found: number): string =>
    `Paused after ${plural(looked, 'run', 'runs')}: ${n(found)} of them have matches, and older ones were not looked at yet`,
  searchStopped: (looked: number): string =>
    `Stopped after ${plural(looked, 'run', 'runs')}; older ones were not looked at`,
  searchFound: (lines: number, runs: number): string =>
    `${plural(lines, 'match', 'matches')} in ${plural(runs, 'run', 'runs')}`,
  searchNothing: 'No match' as string,
  searchGoOn: 'Go on' as string,
  matches: (count: number): string => plural(count, 'match', 'matches'),
  moreMatches: (count: number): string =>
    `${plural(count, 'more match', 'more matches')} in this run`,
  // Palette
  paletteField: 'Jump to a host, action, run or setting' as string,
  palettePlaceholder: 'Jump to…' as string,
  paletteList: 'What fits' as string,
  paletteGroups: {
    hosts: 'Hosts',
    actions: 'Actions',
    runs: 'Runs',
    settings: 'Settings',
    place: 'In this log',
  } as Record<'hosts' | 'actions' | 'runs' | 'settings' | 'place', string>,
  /** Only the best of a group are listed. */
  paletteShown: (shown: number, count: number): string => `${n(shown)} of ${n(count)}`,
  paletteCount: (count: number): string => (count === 1 ? '1 result' : `${n(count)} results`),
  paletteNothing: 'Nothing fits.' as string,
  paletteNoRun: 'Open a run to go to a line of it.' as string,
  palettePlaceHelp: 'A line as 48213, or a time as 09:41 or 2026-11-20 09:41:02.' as string,
  palettePrefixes: {
    action: 'action',
    host: 'host',
    run: 'run',
    place: 'line or time',
  } as Record<'action' | 'host' | 'run' | 'place', string>,
  paletteLine: (pos: number): string => `Line ${n(pos)}`,
  paletteOf: (end: number): string => (end === 0 ? '' : `of 0 to ${n(end - 1)}`),
  paletteTime: (time: string): string => `First line from ${time} on`,
  paletteLooking: 'Looking for the line…' as string,
  paletteNoLater: 'No line is that late.' as string,
  paletteFound: (pos: number): string => `Line ${n(pos)}`,
  partMissing: 'This part of the page could not be loaded.' as string,
  loadAnew: 'Load the page anew' as string,
  singleKeys: 'Single keys without ⌘ or Ctrl' as string,
  // Settings
  settings: 'Settings' as string,
  settingsParts: {
    appearance: 'Appearance',
    keyboard: 'Keyboard',
    language: 'Language',
    about: 'About',
  } as Record<'appearance' | 'keyboard' | 'language' | 'about', string>,
  themeWords: { system: 'System', dark: 'Dark', light: 'Light' } as Record<
    'system' | 'dark' | 'light',
    string
  >,
  logSize: 'Size of the log' as string,
  logSizeHelp: 'Height of its letters in pixels, in this browser.' as string,
  logSizeAuto: 'Auto' as string,
  timeFormat: 'Time before each line' as string,
  timeFormatHelp: 'The key t goes through these on the run page.' as string,
  singleKeysHelp:
    'Letters and signs act while no field has the focus. Switch them off when you dictate, or press keys by accident.' as string,
  languageHelp: 'Of the page. What hosts write stays as it is.' as string,
  aboutLicence:
    'Under the MIT licence: use it, change it and pass it on, with its notice.' as string,
  aboutOthers: 'Made with' as string,
  licenceWhere: { page: 'page', server: 'server' } as Record<'page' | 'server', string>,
  views: { merged: 'Merged', hosts: 'By host', grouped: 'Grouped' } as Record<ViewKind, string>,
  /** The same, as it stands in the menu. */
  viewTexts: {
    merged: 'Merged: all lines as they came',
    hosts: 'By host: one pane for each',
    grouped: 'Grouped: hosts with the same output together',
  } as Record<ViewKind, string>,
}
