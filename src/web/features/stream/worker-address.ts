/** The addresses that this page may start a worker from, as its content policy wants them. */
// The builder makes the addresses; the files themselves export nothing.
// oxlint-disable import/default
import pattern from '../find/pattern-worker.ts?worker&url'
import stream from './stream-worker.ts?sharedworker&url'

declare global {
  interface Window {
    readonly trustedTypes?: {
      createPolicy(
        name: string,
        rules: { createScriptURL(url: string): string },
      ): { createScriptURL(url: string): string }
    }
  }
}

/** Made once: a second policy of this name is refused. The server's header names it. */
const policy = window.trustedTypes?.createPolicy('farglass-worker', {
  createScriptURL: (url) => (url === pattern ? pattern : stream),
})

export const streamWorkerAddress: string = policy?.createScriptURL(stream) ?? stream
export const patternWorkerAddress: string = policy?.createScriptURL(pattern) ?? pattern
