/** Port: the times of a cron expression on the clock of a time zone. */
export interface CronTimes {
  /** Throws `bad-schedule` for what is no expression or no time zone. */
  parse(expression: string, timeZone: string): Promise<CronPattern>
}

/** Times in milliseconds since 1970. */
export interface CronPattern {
  /** The next ones after a time, at most `count`. */
  after(time: number, count: number): readonly number[]
  /** The last one at or before a time, and after another; null: there is none. */
  last(from: number, until: number): number | null
}
