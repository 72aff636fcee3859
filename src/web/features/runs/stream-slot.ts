/**
 * How many tabs of one browser hold a stream at once. Over HTTP/1.1 a browser opens six connections
 * to one origin, and six streams would hang every further tab: the others ask by short polls.
 */

const slots = ['1', '2', '3', '4'].map((name) => `farglass-stream-${name}`)

/** A function that gives the slot back, or null when all are taken. */
export async function takeStreamSlot(): Promise<(() => void) | null> {
  // Web Locks exist on https and on localhost only; elsewhere every tab may stream.
  if (!('locks' in navigator)) return () => {}
  for (const name of slots) {
    const release = await tryLock(name)
    if (release !== null) return release
  }
  return null
}

function tryLock(name: string): Promise<(() => void) | null> {
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(name, { ifAvailable: true }, (lock) => {
        if (lock === null) {
          resolve(null)
          return undefined
        }
        // The lock is held until this promise settles, or the tab is gone.
        return new Promise<void>((release) => resolve(() => release()))
      })
      .catch(reject)
  })
}
