/** English texts of the parts that are loaded when they are first shown. */
import type { Source } from '../../shared/run.ts'

type SourceKind = Source['kind']

const number = new Intl.NumberFormat('en')
const n = (value: number): string => number.format(value)
const plural = (count: number, one: string, many: string): string =>
  `${n(count)} ${count === 1 ? one : many}`

export const enPages = {
  // Details and notes
  detail: {
    id: 'Run',
    command: 'Command',
    saved: 'Saved command',
    parameters: 'Parameters',
    target: 'Hosts',
    mode: 'Mode',
    fellBack: 'Plain instead on',
    startedBy: 'Started by',
    started: 'Started',
    ended: 'Ended',
    lines: 'Lines',
    bytes: 'Output',
    kept: 'Kept',
  } as Record<
    | 'id'
    | 'command'
    | 'saved'
    | 'parameters'
    | 'target'
    | 'mode'
    | 'fellBack'
    | 'startedBy'
    | 'started'
    | 'ended'
    | 'lines'
    | 'bytes'
    | 'kept',
    string
  >,
  alertOfView: 'Make an alert of this filter' as string,
  showOnly: (host: string): string => `Show only ${host}`,
  downloadOf: (host: string): string => `Download the output of ${host}`,
  lookAtHost: 'Look at this host' as string,
  moreDownloads: (count: number): string =>
    `And ${plural(count, 'more host', 'more hosts')}: the download of the run has the exact bytes of all.`,
  /** These four go on right after the names of the hosts; `ago` null: since when is not said. */
  awayReconnecting: (ago: string | null): string =>
    `: ${ago === null ? 'connection lost' : `connection lost ${ago} ago`}, trying again; the command goes on on the host`,
  awayFollowing: (ago: string | null): string =>
    `: ${ago === null ? 'connection lost' : `connection lost ${ago} ago`}, trying again; what is written meanwhile is read afterwards`,
  awayRefused: (reason: string): string =>
    ` lets nobody in: ${reason} It is tried again by itself.`,
  awayStopping: (ago: string | null): string =>
    `: ${ago === null ? 'connection lost' : `connection lost ${ago} ago`}, trying again; it is stopped as soon as the host is back`,
  noOutputYet: (ready: number, all: number): string =>
    `Connected to ${n(ready)} of ${plural(all, 'host', 'hosts')}. No output yet.`,
  connectingTo: (all: number): string => `Connecting to ${plural(all, 'host', 'hosts')}…`,
  queuedText: 'Queued: it starts when earlier runs have ended.' as string,
  wroteNothingOk: 'Exited 0, wrote nothing.' as string,
  couldNotRun: (host: string): string => `Could not run on ${host}`,
  lostTrack: (host: string): string => `How it ended on ${host} is not known`,
  quietHint:
    'No output for a while. Many programs hold output back when they write to no terminal.' as string,
  runInTerminal: 'Run again in a terminal' as string,
  noNotes: 'No notes yet.' as string,
  // Status bar
  streamHeldTitle:
    'Something between this browser and Farglass collects the stream before it passes it on. Nothing is lost. For nginx: “proxy_buffering off”; see “Behind a proxy” in the docs.' as string,
  delayTitle: 'Round trip to Farglass' as string,
  /** A phone has room for what follows only. */
  checkedLines: (lines: number): string => plural(lines, 'line', 'lines'),
  checked: (lost: number, duplicated: number): string =>
    `${n(lost)} lost · ${n(duplicated)} duplicated`,
  /** How it ended, and what it then wrote, is not known. */
  checkedOpen: (duplicated: number): string => `end not known · ${n(duplicated)} duplicated`,
  gapsTitle: 'Bytes that could not be had any more: the notes tell which and why' as string,
  checkTitle: 'From the run, and from the position of every line that this page got' as string,
  // New run
  /** Under the new run, for the mode that is chosen. */
  modeTexts: {
    durable:
      'Durable: the command goes on when the connection breaks or Farglass is restarted. Its output waits on the host until it is here, then it is removed there.',
    merged:
      'Durable and merged: stdout and stderr in exact order, and no longer told apart. The command goes on when the connection breaks.',
    plain: 'Plain: nothing is kept on the host. The command ends with its connection.',
    pty: 'In a terminal: for programs that want one. The command ends with its connection.',
  } as Record<'durable' | 'merged' | 'plain' | 'pty', string>,
  followTexts: {
    files:
      'Files are followed through every kind of rotation, over cut connections and restarts; what matches later is read from its start.',
    journal: 'The journal of the unit is read on after the last entry, over cuts and restarts.',
    container:
      'stdout and stderr of the container, each line once over cuts and restarts; a container that stops is waited for.',
  } as Record<Exclude<SourceKind, 'command'>, string>,
  newRunTitle: 'Run a command on your hosts' as string,
  newRunText:
    'Output arrives line by line and everyone with this page open sees the same log. Anyone who joins later gets the full history first, then the live stream.' as string,
  suggestions: {
    follow: 'Follow the system log',
    disk: 'Disk usage',
    load: 'Load and memory',
  } as Record<'follow' | 'disk' | 'load', string>,
  // Stop
  stopTitle: (hosts: number): string => `Stop on ${plural(hosts, 'host', 'hosts')}?`,
  stopText:
    'The command gets TERM, then KILL 10 seconds later, with everything it started.' as string,
  stopAwayText: (hosts: string): string =>
    `Away at the moment: ${hosts}. The wish is kept, and done there as soon as the connection is back.`,
  giveUpTitle: (hosts: number): string => `Give up on ${plural(hosts, 'host', 'hosts')}?`,
  giveUpText: (hosts: string): string =>
    `Still away: ${hosts}. The stop is done as soon as the connection is back. If you give up, nobody waits for that: the run ends as lost, and the command may go on on the host.`,
  // Questions
  hostKeyTitle: 'Unknown host key' as string,
  hostKeyText: (host: string): string =>
    `Farglass has not met ${host} before. Trust the key only if it is the one the host really has.`,
  address: 'Address' as string,
  keyType: 'Key' as string,
  fingerprint: 'Fingerprint' as string,
  compareHow: 'On the console of the host, this prints the fingerprint to compare:' as string,
  pasteFingerprint: 'Paste the fingerprint you were given' as string,
  identical: 'Identical' as string,
  different: 'Different' as string,
  trust: 'Trust and connect' as string,
  willBeWritten: 'Trusting writes the key to your known_hosts file.' as string,
  asks: {
    password: 'Password',
    passphrase: 'Key passphrase',
    'keyboard-interactive': 'Answer',
    sudo: 'Password',
  } as Record<'password' | 'passphrase' | 'keyboard-interactive' | 'sudo', string>,
  askTitles: {
    password: 'Password needed',
    passphrase: 'Passphrase of the key needed',
    'keyboard-interactive': 'The host asks',
    sudo: 'sudo password needed',
  } as Record<'password' | 'passphrase' | 'keyboard-interactive' | 'sudo', string>,
  askFrom: (host: string): string => `Asked by ${host}. It is used once and kept nowhere.`,
  askSudo: 'It is used on all hosts of this run, and kept sealed until that has ended.' as string,
  prompt: 'Its prompt' as string,
  notAccepted: 'Not accepted. Try again.' as string,
  show: 'Show' as string,
  send: 'Sign in' as string,
  answer: 'Answer' as string,
  moreQuestions: (count: number): string =>
    `${plural(count, 'more question', 'more questions')} after this`,
  // Sign-in
  signInTitle: 'Open Farglass with its link' as string,
  signInText: 'Open the address that "farglass serve" printed, or paste it here.' as string,
  signInLabel: 'Address or token' as string,
  signInUsed: 'This link was for one use. "farglass serve" prints a new one.' as string,
  sessionEnded:
    'Your session has ended. Nothing is lost: the log goes on where it stopped.' as string,
  signInWait: 'Too many tries. Wait a minute.' as string,
  // List of runs
  noRunsText: 'Name a host above and run a command on it.' as string,
  olderRuns: 'Older runs' as string,
  runsTitle: 'Runs' as string,
  columns: {
    state: 'State',
    command: 'Command',
    target: 'Hosts',
    started: 'Started',
    duration: 'Took',
    lines: 'Lines',
    result: 'Result',
  } as Record<'state' | 'command' | 'target' | 'started' | 'duration' | 'lines' | 'result', string>,
  // Nothing here
  notHere: 'Not here, or not for you' as string,
  notHereText: 'No run has this address, or it may not be shown to you.' as string,
  // Export
  exportTitle: 'Download' as string,
  exportText: 'Text' as string,
  exportNdjson: 'JSON lines' as string,
  exportGzip: 'JSON lines, compressed' as string,
  exportRun: 'Whole run, to be imported' as string,
  exportBytes: 'Exact bytes of all hosts' as string,
  exportFiltered: 'what the filters leave' as string,
  exportHost: (host: string): string => `Exact bytes of ${host}`,
  // Run list
  searchInside: 'Search inside all runs' as string,
  importRuns: 'Import runs' as string,
  importDrop: 'Drop files of runs here' as string,
  importSent: 'Sent' as string,
  importing: (file: string): string => `Importing ${file}…`,
  imported: (lines: number): string =>
    `A run is back, with ${n(lines)} ${lines === 1 ? 'line' : 'lines'}, and pinned`,
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
  filterSaved: 'Saved command' as string,
  anySaved: 'Any command' as string,
  filterBy: 'Started by' as string,
  starters: {
    any: 'By anybody',
    person: 'By people',
    schedule: 'By schedules',
    trigger: 'By triggers',
  } as Record<'any' | 'person' | 'schedule' | 'trigger', string>,
  starter: (kind: 'schedule' | 'trigger', name: string): string =>
    `${kind === 'schedule' ? 'Schedule' : 'Trigger'} ${name}`,
  filterPinned: 'Pinned' as string,
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
  paletteList: 'What fits' as string,
  paletteGroups: {
    hosts: 'Hosts',
    saved: 'Saved commands',
    actions: 'Actions',
    runs: 'Runs',
    settings: 'Settings',
    place: 'In this log',
  } as Record<'hosts' | 'saved' | 'actions' | 'runs' | 'settings' | 'place', string>,
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
  singleKeys: 'Single keys without ⌘ or Ctrl' as string,
  hostsFilter: 'Find a host' as string,
  hostsNone: 'ssh_config names no host, and nothing has run yet.' as string,
  hostsNoneLike: 'No host has this in its name.' as string,
  hostsFrom: (runs: number): string =>
    `Read from ssh_config, which stays as it is, and from the newest ${plural(runs, 'run', 'runs')}.`,
  hostState: 'Last seen' as string,
  hostNotUsed: 'not used yet' as string,
  hostNamedIn: 'Named in' as string,
  hostLastRun: 'Last run' as string,
  hostRuns: 'Its runs' as string,
  hostRunHere: 'Run a command' as string,
  hostNotNamed: 'ssh_config does not name it; ssh takes it as it is written.' as string,
  hostReadOnly: (place: string): string => `Named in ${place}. To change it, edit that file.`,
  sshWillUse: 'What ssh will use' as string,
  sshCannotSay: 'ssh cannot say: connecting will fail with its own words.' as string,
  checkConnection: 'Connection' as string,
  checkStart: 'Test connection' as string,
  checkHelp:
    'Goes the way of a run, step by step. Nothing is started on the host, and nobody is asked.' as string,
  checkRunning: 'On the way…' as string,
  checkOk: 'It works' as string,
  checkFailed: 'It does not work' as string,
  checkSteps: {
    resolve: 'Resolve',
    connect: 'Connect',
    'sign-in': 'Sign in',
    probe: 'Look around',
  } as Record<'resolve' | 'connect' | 'sign-in' | 'probe', string>,
  firstHosts: (count: number): string =>
    `${plural(count, 'host', 'hosts')} found in your ssh_config. Begin with one:`,
  firstNoHosts:
    'Your ssh_config names no host: write one above as user@name:port. To try Farglass with hosts of its own:' as string,
  settingsParts: {
    appearance: 'Appearance',
    keyboard: 'Keyboard',
    language: 'Language',
    retention: 'Retention',
    about: 'About',
  } as Record<'appearance' | 'keyboard' | 'language' | 'retention' | 'about', string>,
  themeWords: { system: 'System', dark: 'Dark', light: 'Light' } as Record<
    'system' | 'dark' | 'light',
    string
  >,
  logSize: 'Size of the log' as string,
  logSizeHelp: 'Height of its letters in pixels, in this browser.' as string,
  logSizeAuto: 'Auto' as string,
  yourName: 'Your name' as string,
  yourNameHelp:
    'Others who watch the same run see it, and find it at lines that you mark. In this browser; nothing proves it.' as string,
  markedBy: (name: string): string => `marked by ${name}`,
  timeFormat: 'Time before each line' as string,
  hostLinks: 'Links of hosts',
  hostLinksHelp:
    'A host can write links into its output. Off, they are text. On, those to http and https can be followed, and each names the host that it leads to.',
  timeFormatHelp: 'The key t goes through these on the run page.' as string,
  singleKeysHelp:
    'Letters and signs act while no field has the focus. Switch them off when you dictate, or press keys by accident.' as string,
  languageHelp: 'Of the page. What hosts write stays as it is.' as string,
  aboutLicence:
    'Under the MIT licence: use it, change it and pass it on, with its notice.' as string,
  aboutOthers: 'Made with' as string,
  licenceWhere: { page: 'page', server: 'server' } as Record<'page' | 'server', string>,
}
