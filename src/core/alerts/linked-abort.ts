/** A signal that aborts with any of others, or by itself; ends with its scope. */
export interface LinkedAbort extends Disposable {
  readonly signal: AbortSignal
  abort(): void
}

export function linkedAbort(...others: readonly AbortSignal[]): LinkedAbort {
  const own = new AbortController()
  const leave = (): void => own.abort()
  for (const other of others) {
    other.addEventListener('abort', leave, { once: true })
    if (other.aborted) leave()
  }
  return {
    signal: own.signal,
    abort: leave,
    [Symbol.dispose]: () => {
      for (const other of others) other.removeEventListener('abort', leave)
    },
  }
}
