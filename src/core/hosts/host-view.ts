/** Port: what the ssh of this machine knows of hosts, and the network on the way to them. */
import type { Destination } from '../../shared/destination.ts'
import type { SshSettings } from '../../shared/protocol/hosts.ts'

export interface HostView {
  /** Null when ssh cannot say. */
  settings(destination: Destination): Promise<SshSettings | null>
  /** The address of a name. Rejects with `name-not-resolved`. */
  resolve(name: string): Promise<string>
  /**
   * What the server at the address says first. Rejects with `connection-refused`,
   * `connection-timeout` or `host-unreachable`, or with the signal's reason.
   */
  greeting(place: NetworkPlace, signal: AbortSignal): Promise<string>
}

export interface NetworkPlace {
  readonly address: string
  readonly port: number
}
