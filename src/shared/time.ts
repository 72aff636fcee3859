/** Times on the wire: ISO 8601 UTC with milliseconds. */
export function isoTime(ms: number): string {
  // oxlint-disable-next-line no-restricted-globals -- formats a time that was given, reads no clock
  return new Date(ms).toISOString()
}
