/** Mode `pty`: the command in a terminal of the host; both outputs come as one stream. */
import { ptyScript } from '../../remote/pty-script.ts'
import { type HeldSession, runSession } from './held-session.ts'
import type { RunMode } from './run-mode.ts'

export const ptyMode: RunMode = {
  async start(host, command) {
    const script = ptyScript(command)
    const session: HeldSession = {
      host,
      channel: await host.open({ script, tty: true }),
      nonce: command.nonce,
      clock: command.clock,
      markChannel: 'out',
      foreignChannel: 'err',
    }
    return runSession(session)
  },
}
