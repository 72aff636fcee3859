/** The one address that this page may start a worker from, as its content policy wants it. */
// The builder makes the address; the file itself exports nothing.
// oxlint-disable-next-line import/default
import address from './stream-worker.ts?sharedworker&url'

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
  createScriptURL: () => address,
})

export const streamWorkerAddress: string = policy?.createScriptURL(address) ?? address
