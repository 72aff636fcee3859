/** Mode `pty`: the command in a terminal of the host; both outputs come as one stream. */
import { ptyScript } from '../../remote/pty-script.ts'
import { type HeldSession, runSession } from './held-session.ts'
import type { RunMode } from './run-mode.ts'

export function ptyMode(command: string): RunMode {
  return {
    async start(host, held) {
      const script = ptyScript({ ...held, command })
      const session: HeldSession = {
        host,
        channel: await host.open({ script, tty: true }),
        nonce: held.nonce,
        clock: held.clock,
        markChannel: 'out',
        hasBeginning: false,
        foreignChannel: 'err',
      }
      return runSession(session)
    },
  }
}
