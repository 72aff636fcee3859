/** Mode `plain`: the command on two pipes of one SSH session, separate stdout and stderr. */
import { plainScript } from '../../remote/plain-script.ts'
import { type HeldSession, runSession } from './held-session.ts'
import type { RunMode } from './run-mode.ts'

export function plainMode(command: string): RunMode {
  return {
    async start(host, held) {
      const script = plainScript({ ...held, command })
      const session: HeldSession = {
        host,
        channel: await host.open({ script, tty: false }),
        nonce: held.nonce,
        clock: held.clock,
        markChannel: 'err',
        hasBeginning: true,
        foreignChannel: null,
      }
      return runSession(session)
    },
  }
}
