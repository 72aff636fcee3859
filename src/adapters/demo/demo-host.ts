/** One host of the demo fleet: an SSH server on a free loopback port that starts real sessions. */
import { timingSafeEqual } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import ssh2, { type AuthContext, type Connection, type ParsedKey } from 'ssh2'
import type { DemoHome } from './demo-home.ts'
import { serveSession } from './demo-session.ts'
import type { Terminal } from './demo-terminal.ts'

export interface DemoHostOptions {
  readonly name: string
  /** Private key in OpenSSH's form. */
  readonly hostKey: string
  /** Public key of the only client that may log in. */
  readonly clientKey: string
  readonly home: DemoHome
  readonly terminal: Terminal
}

/** Resolves with the port once the host listens. */
export function startDemoHost(options: DemoHostOptions): Promise<number> {
  const clientKey = parsePublicKey(options.clientKey)
  const server = new ssh2.Server({ hostKeys: [options.hostKey] }, (connection) => {
    connection.on('authentication', (login) => {
      if (isAllowed(login, clientKey)) login.accept()
      else login.reject(['publickey'])
    })
    connection.on('ready', () => serveConnection(connection, options))
    // A client that goes away in the middle is no fault of the host.
    connection.on('error', () => {})
  })
  return new Promise((resolve, reject) => {
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

function serveConnection(connection: Connection, { home, terminal }: DemoHostOptions): void {
  connection.on('session', (accept) => serveSession(accept(), { home, terminal, connection }))
}

/** The key must be the client's and, except in the first question whether it would do, be proven. */
function isAllowed(login: AuthContext, clientKey: ParsedKey): boolean {
  if (login.method !== 'publickey' || login.username !== 'demo') return false
  const known = clientKey.getPublicSSH()
  const offered = login.key.data
  if (login.key.algo !== clientKey.type) return false
  if (offered.length !== known.length || !timingSafeEqual(offered, known)) return false
  if (login.signature === undefined) return true
  if (login.blob === undefined) return false
  return clientKey.verify(login.blob, login.signature, login.hashAlgo) === true
}

function parsePublicKey(text: string): ParsedKey {
  const key = ssh2.utils.parseKey(text)
  if (key instanceof Error) throw key
  return key
}
