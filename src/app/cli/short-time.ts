/** Times for people at a terminal, by its clock: those of all commands read alike. Programs are told in ISO 8601 UTC. */

/** `2026-01-31 12:00:00` of an ISO 8601 time, in the named zone or that of the terminal. */
export function shortTime(iso: string, timeZone: string = localZone()): string {
  // The Swedish way to write a date is that of ISO 8601, with a blank.
  return new Date(iso).toLocaleString('sv-SE', { timeZone })
}

/** `2026-01-31 12:00`, in the zone of the terminal. */
export function shortMinute(iso: string): string {
  return shortTime(iso).slice(0, 16)
}

/** Title of a column of times, which says whose clock they go by: `STARTED (Europe/Berlin)`. */
export function timeTitle(name: string): string {
  return `${name} (${localZone()})`
}

/** Name of the zone of the terminal, from TZ or the system; UTC, by which the clock goes then, where that names none. */
export function localZone(): string {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions()
  return isZone(timeZone) ? timeZone : 'UTC'
}

/** Without a zone that is known it is undefined, whatever the types say; the name of an empty TZ is taken nowhere. */
function isZone(timeZone: string | undefined): boolean {
  try {
    new Date(0).toLocaleString('sv-SE', { timeZone })
    return timeZone !== undefined
  } catch {
    return false
  }
}
