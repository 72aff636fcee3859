/** English texts of finding lines: search, filters, histogram. They come with the parts that find. */
import type { Channel } from '../../shared/channel.ts'
import type { Level } from '../../shared/level.ts'

const number = new Intl.NumberFormat('en')
const n = (value: number): string => number.format(value)
const lines = (count: number): string => `${n(count)} ${count === 1 ? 'line' : 'lines'}`

/** An interval: `200 ms`, `5 s`, `2 min`, `1 h`. */
function span(ms: number): string {
  if (ms < 1_000) return `${ms} ms`
  if (ms < 60_000) return `${ms / 1_000} s`
  return ms < 3_600_000 ? `${ms / 60_000} min` : `${ms / 3_600_000} h`
}

type PartName = Exclude<Channel, 'note'> | Level | 'none'

export interface BarCount {
  readonly name: PartName
  readonly count: number
}

const partWords: Readonly<Record<PartName, string>> = {
  out: 'on stdout',
  err: 'on stderr',
  error: 'error',
  warn: 'warning',
  info: 'info',
  debug: 'debug',
  none: 'no level',
}

export const enFind = {
  searchRun: 'Search in this run' as string,
  matchCase: 'Upper and lower case count' as string,
  useRegex: 'Regular expression' as string,
  invertSearch: 'Lines without this text' as string,
  nextHit: 'Next match' as string,
  previousHit: 'Previous match' as string,
  clearSearch: 'Clear the search' as string,
  hitOf: (at: number, count: number): string => `${n(at)} of ${n(count)}`,
  hits: (count: number): string => n(count),
  hitsWord: (count: number): string => `${n(count)} ${count === 1 ? 'match' : 'matches'}`,
  foundSoFar: (count: number): string => `${n(count)} so far`,
  searchedBackTo: (time: string, count: number): string =>
    `Searched back to ${time}, ${n(count)} so far`,
  searching: 'Searching…' as string,
  noMatch: (count: number): string => `No match in ${lines(count)}`,
  wentOnFromStart: 'No further match: went on from the first line.' as string,
  wentOnFromEnd: 'No earlier match: went on from the last line.' as string,
  goOn: 'Search on' as string,
  noMarks: 'The pattern takes too long for marking its places.' as string,
  // Filters
  filters: 'Filters' as string,
  filterTitle: 'Show only some lines' as string,
  onlyHosts: (hosts: string): string => hosts,
  notHosts: (hosts: string): string => `not ${hosts}`,
  channelNames: { out: 'stdout', err: 'stderr', note: 'notes' } as Record<Channel, string>,
  levelNames: {
    error: 'error',
    warn: 'warning',
    info: 'info',
    debug: 'debug',
    none: 'no level',
  } as Record<Level | 'none', string>,
  hasText: (written: string): string => `“${written}”`,
  hasNotText: (written: string): string => `not “${written}”`,
  fromTime: (since: string): string => `from ${since}`,
  beforeTime: (until: string): string => `before ${until}`,
  betweenTimes: (since: string, until: string): string => `${since} – ${until}`,
  filterSwitch: (name: string): string => `Filter: ${name}`,
  removeFilter: (name: string): string => `Remove the filter: ${name}`,
  clearFilters: 'Clear filters' as string,
  filtersHide: (filters: number, count: number): string =>
    `${n(filters)} ${filters === 1 ? 'filter hides' : 'filters hide'} all ${lines(count)}`,
  filterFailed: 'This filter cannot be used' as string,
  channels: 'Channels' as string,
  levels: 'Levels' as string,
  levelsHint: 'As far as the start of a line says one.' as string,
  text: 'Text' as string,
  textToFilter: 'Text of the lines' as string,
  withText: 'Lines with it' as string,
  withoutText: 'Lines without it' as string,
  since: 'From' as string,
  until: 'Before' as string,
  noErrorThere: { next: 'No later stderr line.', previous: 'No earlier stderr line.' } as Record<
    'next' | 'previous',
    string
  >,
  noNoteThere: { next: 'No later note.', previous: 'No earlier note.' } as Record<
    'next' | 'previous',
    string
  >,
  // Histogram
  histogram: 'Lines by time' as string,
  histogramHelp:
    'Arrow keys move, Enter goes to the lines of that time, Shift and arrows choose a time to filter by.' as string,
  linesPer: (ms: number): string => `Lines per ${span(ms)}`,
  byLevel: 'By level' as string,
  partNames: {
    out: 'stdout',
    err: 'stderr',
    error: 'error',
    warn: 'warning',
    info: 'info',
    debug: 'debug',
    none: 'no level',
  } as Record<PartName, string>,
  /** What stands apart in a bar: `3 on stderr`, or its levels. */
  barText: (time: string, count: number, parts: readonly BarCount[]): string =>
    [
      `${time}: ${lines(count)}`,
      ...parts.map((part) => `${n(part.count)} ${partWords[part.name]}`),
    ].join(', '),
}
