/** English texts of the page. Its type is the catalog that every other language must satisfy. */
import { formatDuration } from '../../shared/duration.ts'
import type { ErrorCode } from '../../shared/errors.ts'
import type { Mode, Outcome, RunState, Source, TaskState } from '../../shared/run.ts'
import { enLines } from './en-lines.ts'
import { enShell } from './en-shell.ts'

type SourceKind = Source['kind']

const number = new Intl.NumberFormat('en')
const n = (value: number): string => number.format(value)
const plural = (count: number, one: string, many: string): string =>
  `${n(count)} ${count === 1 ? one : many}`

/** What stands in no file of its own beside this one. */
const main = {
  code: 'en' as string,
  // Frame
  home: 'Farglass, new run' as string,
  newRun: 'New run' as string,
  menu: 'Menu' as string,
  close: 'Close' as string,
  cancel: 'Cancel' as string,
  host: 'Host' as string,
  hosts: 'Hosts' as string,
  recentRuns: 'Recent runs' as string,
  allRuns: 'All runs' as string,
  noHostsYet: 'Hosts that you use appear here.' as string,
  noRunsYet: 'Nothing has run yet' as string,
  thisComputerOnly: 'This computer only' as string,
  signedIn: 'Signed in' as string,
  theme: 'Theme' as string,
  themes: { system: 'System theme', dark: 'Dark theme', light: 'Light theme' } as Record<
    'system' | 'dark' | 'light',
    string
  >,
  // Command bar
  runForm: 'Run a command' as string,
  target: 'Hosts' as string,
  targetPlaceholder: 'host or user@name:port' as string,
  command: 'Command' as string,
  source: 'What is read' as string,
  sources: {
    command: 'Command',
    files: 'Files',
    journal: 'Journal unit',
    container: 'Container',
  } as Record<SourceKind, string>,
  sourceShort: { command: '$', files: 'files', journal: 'unit', container: 'container' } as Record<
    SourceKind,
    string
  >,
  sourcePlaceholder: {
    command: 'Command to run on these hosts…',
    files: 'Paths and patterns to follow: /var/log/*.log',
    journal: 'Unit whose journal to follow: nginx.service',
    container: 'Container of Docker or Podman to follow',
  } as Record<SourceKind, string>,
  mode: 'How output is read' as string,
  modes: {
    durable: 'Durable: goes on without connection',
    merged: 'Durable and merged: exact order',
    plain: 'Plain: ends with the connection',
    pty: 'In a terminal: ends with the connection',
  } as Record<'durable' | 'merged' | 'plain' | 'pty', string>,
  modeShort: { durable: 'Durable', merged: 'Merged', plain: 'Plain', pty: 'Terminal' } as Record<
    'durable' | 'merged' | 'plain' | 'pty',
    string
  >,
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
  run: 'Run' as string,
  needTarget: 'Name at least one host.' as string,
  startFollowing: 'Follow' as string,
  needSource: {
    command: 'Write the command to run.',
    files: 'Write the paths of the files to follow.',
    journal: 'Write the name of the unit.',
    container: 'Write the name of the container.',
  } as Record<SourceKind, string>,
  // New run
  newRunTitle: 'Run a command on your hosts' as string,
  newRunText:
    'Output arrives line by line and everyone with this page open sees the same log. Anyone who joins later gets the full history first, then the live stream.' as string,
  suggestions: {
    follow: 'Follow the system log',
    disk: 'Disk usage',
    load: 'Load and memory',
  } as Record<'follow' | 'disk' | 'load', string>,
  keys: 'Keys' as string,
  allKeys: 'All keys' as string,
  hostCount: (count: number): string => plural(count, 'host', 'hosts'),
  // Run header
  runStates: {
    queued: 'Queued',
    running: 'Running',
    stopping: 'Stopping',
    ended: 'Ended',
  } as Record<RunState, string>,
  outcomes: {
    succeeded: 'Succeeded',
    failed: 'Failed',
    stopped: 'Stopped',
    lost: 'Lost',
  } as Record<Outcome, string>,
  needsInput: 'Needs input' as string,
  paused: 'Paused' as string,
  reconnectingHost: (host: string): string => `Reconnecting ${host}`,
  elapsed: 'Elapsed' as string,
  took: 'Took' as string,
  lines: (count: number): string => (count === 1 ? 'line' : 'lines'),
  linesPerSecond: 'lines/s' as string,
  modeHints: {
    durable: 'Durable: goes on without connection',
    plain: 'Plain: ends with the connection',
    pty: 'In a terminal: ends with the connection',
  } as Record<Mode, string>,
  /** Of files and what else lies on the host anyway. */
  followHint: 'Followed: read on after each cut' as string,
  fellBackHint: (hosts: string): string => `Plain on ${hosts}: ends there with the connection`,
  /** How long a host is away, in whole seconds. */
  away: (ms: number): string => (ms < 60_000 ? `${Math.floor(ms / 1_000)} s` : formatDuration(ms)),
  awayFor: (time: string): string => `away for ${time}`,
  /** These four go on right after the names of the hosts; `ago` null: since when is not said. */
  awayReconnecting: (ago: string | null): string =>
    `: ${ago === null ? 'connection lost' : `connection lost ${ago} ago`}, trying again; the command goes on on the host`,
  awayFollowing: (ago: string | null): string =>
    `: ${ago === null ? 'connection lost' : `connection lost ${ago} ago`}, trying again; what is written meanwhile is read afterwards`,
  awayRefused: (reason: string): string =>
    ` lets nobody in: ${reason} It is tried again by itself.`,
  awayStopping: (ago: string | null): string =>
    `: ${ago === null ? 'connection lost' : `connection lost ${ago} ago`}, trying again; it is stopped as soon as the host is back`,
  share: 'Share' as string,
  linkCopied: 'Link copied' as string,
  lineLinkCopied: (pos: number): string => `Link to line ${n(pos)} copied`,
  copyFailed: 'The browser did not let the page copy. The address bar holds the link.' as string,
  stop: 'Stop' as string,
  stopTitle: (hosts: number): string => `Stop on ${plural(hosts, 'host', 'hosts')}?`,
  stopText:
    'The command gets TERM, then KILL 10 seconds later, with everything it started.' as string,
  stopAwayText: (hosts: string): string =>
    `Away at the moment: ${hosts}. The wish is kept, and done there as soon as the connection is back.`,
  giveUp: 'Give up' as string,
  giveUpTitle: (hosts: number): string => `Give up on ${plural(hosts, 'host', 'hosts')}?`,
  giveUpText: (hosts: string): string =>
    `Still away: ${hosts}. The stop is done as soon as the connection is back. If you give up, nobody waits for that: the run ends as lost, and the command may go on on the host.`,
  runAgain: 'Run again' as string,
  // Log
  log: 'Log' as string,
  wrap: 'Wrap' as string,
  time: 'Time' as string,
  timeModes: {
    clock: (zone: string): string => `Clock (${zone})`,
    utc: 'UTC' as string,
    start: 'Since the start' as string,
    delta: 'Since the line before' as string,
    off: 'No time' as string,
  },
  /** The same, as it stands on the button. */
  timeShort: {
    clock: 'Time',
    utc: 'UTC',
    start: 'Since start',
    delta: 'Delta',
    off: 'Time',
  } as Record<'clock' | 'utc' | 'start' | 'delta' | 'off', string>,
  follow: 'Follow' as string,
  view: 'View' as string,
  removedBefore: (count: number): string =>
    count === 1
      ? 'The first line was removed by retention.'
      : `The first ${n(count)} lines were removed by retention.`,
  download: 'Download' as string,
  showAll: (size: string): string => `Show all ${size}`,
  rawOf: (size: string): string => `All ${size} as a file`,
  stderr: 'stderr' as string,
  continued: 'continued on the next line' as string,
  unterminated: 'without newline at its end' as string,
  partial: 'unfinished line' as string,
  newLines: (count: number): string => `${plural(count, 'new line', 'new lines')}`,
  errors: (count: number): string => `${plural(count, 'error', 'errors')}`,
  jumpToLatest: 'Jump to latest' as string,
  continueHere: 'Continue from here' as string,
  linesCopied: (count: number): string => `${plural(count, 'line', 'lines')} copied`,
  rangeLinkCopied: (from: number, to: number): string =>
    `Link to lines ${n(from)} to ${n(to)} copied`,
  rangeTooLong: (count: number): string =>
    `${n(count)} lines are more than the page copies at once.`,
  noOutputYet: (ready: number, all: number): string =>
    `Connected to ${n(ready)} of ${plural(all, 'host', 'hosts')}. No output yet.`,
  connectingTo: (all: number): string => `Connecting to ${plural(all, 'host', 'hosts')}…`,
  queuedText: 'Queued: it starts when earlier runs have ended.' as string,
  wroteNothing: 'It wrote nothing.' as string,
  wroteNothingOk: 'Exited 0, wrote nothing.' as string,
  couldNotRun: (host: string): string => `Could not run on ${host}`,
  lostTrack: (host: string): string => `How it ended on ${host} is not known`,
  quietHint:
    'No output for a while. Many programs hold output back when they write to no terminal.' as string,
  runInTerminal: 'Run again in a terminal' as string,
  copyLink: (count: number): string =>
    count === 1 ? 'Copy link to this line' : 'Copy link to these lines',
  copyLines: (count: number): string => (count === 1 ? 'Copy this line' : 'Copy these lines'),
  lineGone: (pos: number): string => `Line ${n(pos)} is not there (any more).`,
  // Inspector
  inspector: 'About this run' as string,
  notes: 'Notes' as string,
  details: 'Details' as string,
  noNotes: 'No notes yet.' as string,
  selectedLine: 'Selected line' as string,
  taskStates: {
    queued: 'queued',
    connecting: 'connecting',
    'needs-input': 'needs input',
    running: 'running',
    reconnecting: 'reconnecting',
    stopping: 'stopping',
    ended: 'ended',
    failed: 'failed',
    lost: 'lost',
  } as Record<TaskState, string>,
  succeededHosts: (count: number): string => `${n(count)} succeeded`,
  stoppedHosts: (count: number): string => `${n(count)} stopped`,
  failedHosts: (count: number): string => `${n(count)} failed`,
  stateHosts: (count: number, state: string): string => `${n(count)} ${state}`,
  exit: (code: number): string => `exit ${code}`,
  detail: {
    id: 'Run',
    command: 'Command',
    target: 'Hosts',
    mode: 'Mode',
    fellBack: 'Plain instead on',
    started: 'Started',
    ended: 'Ended',
    lines: 'Lines',
    bytes: 'Output',
  } as Record<
    'id' | 'command' | 'target' | 'mode' | 'fellBack' | 'started' | 'ended' | 'lines' | 'bytes',
    string
  >,
  rawOut: 'stdout' as string,
  rawErr: 'stderr' as string,
  // Status bar
  status: 'Connection' as string,
  live: 'Live' as string,
  connecting: 'Connecting' as string,
  polling: 'Live, by short polls' as string,
  streamHeld: 'A proxy holds the stream back: short polls' as string,
  streamHeldTitle:
    'Something between this browser and Farglass collects the stream before it passes it on. Nothing is lost. For nginx: “proxy_buffering off”; see “Behind a proxy” in the docs.' as string,
  complete: 'Complete' as string,
  sleeping: 'Paused while hidden' as string,
  connectionLost: 'Connection lost' as string,
  ready: 'Ready' as string,
  delay: (ms: number): string => `${n(ms)} ms`,
  delayTitle: 'Round trip to Farglass' as string,
  checked: (lines: number, lost: number, duplicated: number): string =>
    `${plural(lines, 'line', 'lines')} · ${n(lost)} lost · ${n(duplicated)} duplicated`,
  /** How it ended, and what it then wrote, is not known. */
  checkedOpen: (lines: number, duplicated: number): string =>
    `${plural(lines, 'line', 'lines')} · end not known · ${n(duplicated)} duplicated`,
  gaps: (count: number): string => (count === 1 ? '1 gap' : `${n(count)} gaps`),
  gapsTitle: 'Bytes that could not be had any more: the notes tell which and why' as string,
  checkTitle: 'From the run, and from the position of every line that this page got' as string,
  lostBar: 'Connection to Farglass lost' as string,
  retryIn: (seconds: number): string => `retry in ${n(seconds)} s`,
  retrying: 'trying now' as string,
  retryNow: 'Retry now' as string,
  offline: 'This device is offline' as string,
  pausedBar: 'Reading is paused.' as string,
  resetBar: (pos: number): string =>
    `The server lost what it had stored from line ${n(pos)} on; showing what it has.`,
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
  } as Record<'password' | 'passphrase' | 'keyboard-interactive', string>,
  askTitles: {
    password: 'Password needed',
    passphrase: 'Passphrase of the key needed',
    'keyboard-interactive': 'The host asks',
  } as Record<'password' | 'passphrase' | 'keyboard-interactive', string>,
  askFrom: (host: string): string => `Asked by ${host}. It is used once and kept nowhere.`,
  prompt: 'Its prompt' as string,
  notAccepted: 'Not accepted. Try again.' as string,
  show: 'Show' as string,
  send: 'Sign in' as string,
  answer: 'Answer' as string,
  moreQuestions: (count: number): string =>
    `${plural(count, 'more question', 'more questions')} after this`,
  answeredElsewhere: 'Answered elsewhere' as string,
  // Sign-in
  signInTitle: 'Open Farglass with its link' as string,
  signInText: 'Open the address that "farglass serve" printed, or paste it here.' as string,
  signInLabel: 'Address or token' as string,
  signIn: 'Sign in' as string,
  signInUsed: 'This link was for one use. "farglass serve" prints a new one.' as string,
  sessionEnded:
    'Your session has ended. Nothing is lost: the log goes on where it stopped.' as string,
  signInWait: 'Too many tries. Wait a minute.' as string,
  // Run list
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
  noRunsText: 'Name a host above and run a command on it.' as string,
  olderRuns: 'Older runs' as string,
  // Errors
  notHere: 'Not here, or not for you' as string,
  notHereText: 'No run has this address, or it may not be shown to you.' as string,
  unreachable: 'Farglass does not answer' as string,
  tryAgain: 'Try again' as string,
  errorTitle: 'That did not work' as string,
  /** Texts by code; a code without an entry shows the server's English. */
  errorTexts: {} as Partial<Record<ErrorCode, string>>,
  /** A note as the server wrote it, in this language. */
  note: (text: string): string => text,
  duration: (ms: number): string => formatDuration(ms),
}

export type Catalog = typeof main & typeof enLines & typeof enShell

export const en: Catalog = { ...main, ...enLines, ...enShell }
