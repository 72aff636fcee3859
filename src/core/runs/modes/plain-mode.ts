/** Mode `plain`: the command on two pipes of one SSH session, separate stdout and stderr. */
import { plainScript } from '../../remote/plain-script.ts'
import { type HeldSession, runSession } from './held-session.ts'
import type { RunMode } from './run-mode.ts'

export const plainMode: RunMode = {
  async start(host, command) {
    const script = plainScript(command)
    const session: HeldSession = {
      host,
      channel: await host.open({ script, tty: false }),
      nonce: command.nonce,
      clock: command.clock,
      markChannel: 'err',
      foreignChannel: null,
    }
    return runSession(session)
  },
}
