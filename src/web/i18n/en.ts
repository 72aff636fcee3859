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
  options: 'Options' as string,
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
  share: 'Share' as string,
  linkCopied: 'Link copied' as string,
  lineLinkCopied: (pos: number): string => `Link to line ${n(pos)} copied`,
  copyFailed: 'The browser did not let the page copy. The address bar holds the link.' as string,
  stop: 'Stop' as string,
  giveUp: 'Give up' as string,
  runAgain: 'Run again' as string,
  // Log
  log: 'Log' as string,
  wrap: 'Wrap' as string,
  fold: 'Fold' as string,
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
  wroteNothing: 'It wrote nothing.' as string,
  copyLink: (count: number): string =>
    count === 1 ? 'Copy link to this line' : 'Copy link to these lines',
  copyLines: (count: number): string => (count === 1 ? 'Copy this line' : 'Copy these lines'),
  lineGone: (pos: number): string => `Line ${n(pos)} is not there (any more).`,
  // Inspector
  inspector: 'About this run' as string,
  notes: 'Notes' as string,
  details: 'Details' as string,
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
  succeededHosts: (count: number): string => `${n(count)} ok`,
  stoppedHosts: (count: number): string => `${n(count)} stopped`,
  failedHosts: (count: number): string => `${n(count)} failed`,
  stateHosts: (count: number, state: string): string => `${n(count)} ${state}`,
  exit: (code: number): string => `exit ${code}`,
  rawOut: 'stdout' as string,
  rawErr: 'stderr' as string,
  // Status bar
  status: 'Connection' as string,
  live: 'Live' as string,
  connecting: 'Connecting' as string,
  polling: 'Live, by short polls' as string,
  streamHeld: 'A proxy holds the stream back: short polls' as string,
  complete: 'Complete' as string,
  sleeping: 'Paused while hidden' as string,
  connectionLost: 'Connection lost' as string,
  ready: 'Ready' as string,
  delay: (ms: number): string => `${n(ms)} ms`,
  gaps: (count: number): string => (count === 1 ? '1 gap' : `${n(count)} gaps`),
  lostBar: 'Connection to Farglass lost' as string,
  retryIn: (seconds: number): string => `retry in ${n(seconds)} s`,
  retrying: 'trying now' as string,
  retryNow: 'Retry now' as string,
  offline: 'This device is offline' as string,
  pausedBar: 'Reading is paused.' as string,
  resetBar: (pos: number): string =>
    `The server lost what it had stored from line ${n(pos)} on; showing what it has.`,
  // Questions
  answeredElsewhere: 'Answered elsewhere' as string,
  // Sign-in
  signIn: 'Sign in' as string,
  // Errors
  unreachable: 'Farglass does not answer' as string,
  tryAgain: 'Try again' as string,
  errorTitle: 'That did not work' as string,
  /** By code: what happened, and what to do; a code without an entry shows the server's English. */
  errorWords: {} as Partial<Record<ErrorCode, ErrorWords>>,
  /** A note as the server wrote it, in this language. */
  note: (text: string): string => text,
  /** A reason as the server wrote it, with what to do about it, in this language. */
  reason: (text: string): string => text,
  duration: (ms: number): string => formatDuration(ms),
}

/** Of an error code: what happened, and what to do. */
export interface ErrorWords {
  readonly what: string
  readonly todo: string
}

export type Catalog = typeof main & typeof enLines & typeof enShell

export const en: Catalog = { ...main, ...enLines, ...enShell }
