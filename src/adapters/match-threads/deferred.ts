/** A promise that somebody else settles. */
export interface Deferred {
  readonly promise: Promise<void>
  readonly resolve: () => void
  readonly reject: (reason: unknown) => void
}

/** To be settled by what is given with it. */
export function deferred(): Deferred {
  let resolve: () => void = () => {}
  let reject: (reason: unknown) => void = () => {}
  const promise = new Promise<void>((done, failed) => {
    resolve = done
    reject = failed
  })
  // It may be rejected before anybody waits for it.
  promise.catch(() => {})
  return { promise, resolve, reject }
}
