/** Times for people at a terminal: those of all commands read alike. */

/** `2026-01-31 12:00:00` of an ISO 8601 time, in UTC or the named zone. */
export function shortTime(iso: string, timeZone = 'UTC'): string {
  // The Swedish way to write a date is that of ISO 8601, with a blank.
  return new Date(iso).toLocaleString('sv-SE', { timeZone })
}
