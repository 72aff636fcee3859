/** Times on the wire: ISO 8601 UTC with milliseconds. */
export function isoTime(ms: number): string {
  // oxlint-disable-next-line no-restricted-globals -- formats a time that was given, reads no clock
  return new Date(ms).toISOString()
}

/** Milliseconds since 1970 of such a time. */
export function parseTime(time: string): number {
  // oxlint-disable-next-line no-restricted-globals -- reads a time that was given, reads no clock
  return Date.parse(time)
}
