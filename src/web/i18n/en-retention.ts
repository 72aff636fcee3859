/** English texts of retention; they come with its part of the settings and with the run list. */
const number = new Intl.NumberFormat('en')
const n = (value: number): string => number.format(value)
const runs = (count: number): string => `${n(count)} ${count === 1 ? 'run' : 'runs'}`

export const enRetention = {
  intro:
    'What is removed is never silent: the run stays in the list and says when its lines went, and why. Pinned runs stay as they are, and do not count.' as string,
  lines: 'Lines of a run' as string,
  linesHelp: 'Removed this long after its end.' as string,
  runs: 'Runs with lines' as string,
  runsHelp: 'Over this number the oldest lose theirs.' as string,
  size: 'Size of all lines' as string,
  sizeHelp: 'Output as hosts sent it. Over it the oldest go; the newest run stays.' as string,
  rows: 'Rows of the list' as string,
  rowsHelp: 'The run itself goes this long after its end, with all that is left of it.' as string,
  days: 'days' as string,
  unitRuns: 'runs' as string,
  gigabytes: 'GB' as string,
  noBound: 'no limit' as string,
  savedTitle: 'Other limits for saved commands' as string,
  savedHelp:
    'They take the place of the first two limits for the runs of a saved command.' as string,
  savedName: 'Name of a saved command' as string,
  addRule: 'Add' as string,
  linesOf: (name: string): string => `Lines of a run of ${name}, in days`,
  runsOf: (name: string): string => `Runs of ${name} with lines`,
  removeRule: (name: string): string => `No limits of its own for ${name}`,
  looking: 'Looking what that removes…' as string,
  removesNothing: 'That removes nothing now.' as string,
  removes: (lines: number, lineSize: string, rows: number): string => {
    const parts = [
      ...(lines > 0 ? [`the lines of ${runs(lines)} (${lineSize})`] : []),
      ...(rows > 0 ? [`${runs(rows)} from the list`] : []),
    ]
    return `That removes ${parts.join(' and ')}.`
  },
  stays: (kept: number, size: string, pinned: number): string =>
    `Lines of ${runs(kept)} (${size}) stay, and of ${n(pinned)} pinned.`,
  save: 'Save' as string,
  saveAndRemove: 'Save and remove' as string,
  saved: 'Retention is saved' as string,
  pin: 'Pin' as string,
  unpin: 'Unpin' as string,
  pinned: 'Pinned: retention leaves it' as string,
  keptUntil: (date: string): string => `Lines are kept until ${date}`,
  keptForGood: 'Lines are kept for good' as string,
  keptAfterEnd: (age: string): string => `Lines are kept for ${age} after the end of the run`,
  keptNewest: (count: number): string => `kept of the newest ${runs(count)}`,
  keptWithin: (size: string): string => `kept while all runs are within ${size}`,
  ages: {
    days: (count: number): string => `${n(count)} days`,
    hours: (count: number): string => `${n(count)} h`,
    minutes: (count: number): string => `${n(count)} min`,
  },
  /** In the status bar, where there is little room. */
  words: {
    kept: (age: string): string => `Kept ${age}`,
    keptUpTo: (bound: string): string => `Kept up to ${bound}`,
    newest: (count: number): string => `Newest ${runs(count)} kept`,
    forGood: 'Kept for good' as string,
    pinned: 'Pinned' as string,
    removed: 'Lines removed' as string,
  },
  removed: 'removed' as string,
  removedWhy: (why: string, date: string): string => `Lines removed by retention (${why}), ${date}`,
  olderThan: (age: string): string => `older than ${age}`,
  overSize: (size: string): string => `all together over ${size}`,
  overRuns: (count: number): string => `not among the newest ${n(count)}`,
}
