/** The HostView port on the system's ssh: its configuration, and the network as this machine sees it. */
import { lookup } from 'node:dns/promises'
import { connect } from 'node:net'
import { resolve } from 'node:path'
import type { HostView, NetworkPlace } from '../../core/hosts/host-view.ts'
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import { sshSettings } from './resolve-destination.ts'

/** `sshConfigFile` is read by ssh instead of the user's own; null for that and the system's. */
export function createSshHostView(sshConfigFile: string | null): HostView {
  const configArgs = sshConfigFile === null ? [] : ['-F', resolve(sshConfigFile)]
  return {
    settings: (destination) => sshSettings(destination, configArgs),
    resolve: async (name) => {
      try {
        return (await lookup(name)).address
      } catch (cause) {
        throw new AppError('name-not-resolved', `The name ${name} has no address.`, { cause })
      }
    },
    greeting,
  }
}

/** The first line that the server sends: an sshd begins by saying which it is. */
function greeting({ address, port }: NetworkPlace, signal: AbortSignal): Promise<string> {
  return new Promise((done, fail) => {
    const socket = connect({ host: address, port, timeout: limits.connectTimeoutMs })
    let said = ''
    const finish = (action: () => void): void => {
      signal.removeEventListener('abort', abort)
      socket.destroy()
      action()
    }
    const abort = (): void => finish(() => fail(signal.reason))
    signal.addEventListener('abort', abort)
    if (signal.aborted) abort()
    const where = `${address}, port ${port}`
    socket.on('data', (bytes) => {
      said += bytes.toString('latin1')
      const line = /^[^\r\n]{1,255}(?=\r?\n)/.exec(said)
      if (line !== null) finish(() => done(line[0]))
      else if (said.length > greetingCharsMax) finish(() => fail(noSshd(where)))
    })
    socket.on('end', () => finish(() => fail(noSshd(where))))
    socket.on('timeout', () =>
      finish(() => fail(new AppError('connection-timeout', `Nothing answers at ${where}.`))),
    )
    socket.on('error', (cause) => finish(() => fail(networkError(cause, where))))
  })
}

/** More than any sshd sends before its first newline. */
const greetingCharsMax = 1_024

function noSshd(where: string): AppError {
  return new AppError('connection-closed', `What listens at ${where} does not speak SSH.`)
}

function networkError(cause: Error, where: string): AppError {
  const code = 'code' in cause ? cause.code : ''
  if (code === 'ECONNREFUSED') {
    return new AppError('connection-refused', `Nobody listens at ${where}.`, { cause })
  }
  if (code === 'ETIMEDOUT') {
    return new AppError('connection-timeout', `Nothing answers at ${where}.`, { cause })
  }
  return new AppError('host-unreachable', `There is no way to ${where}.`, { cause })
}
