/** One task's way to its host: its share of the connection, and the session that reads the source. */
import type { Destination } from '../../shared/destination.ts'
import type { Secret } from '../../shared/secret.ts'
import type { ConnectRequest, RemoteHost, RemoteHosts } from '../remote/remote-host.ts'
import type { Held, ReadPoint, RunMode, RunningSource } from './modes/run-mode.ts'

export interface ConnectionParts {
  readonly hosts: RemoteHosts
  readonly login?: { readonly password: Secret }
}

export class TaskConnection {
  readonly #parts: ConnectionParts
  readonly #destination: Destination
  #host: RemoteHost | undefined
  #running: RunningSource | undefined

  constructor(destination: Destination, parts: ConnectionParts) {
    this.#destination = destination
    this.#parts = parts
  }

  /** The source, while a session reads it. */
  get running(): RunningSource | undefined {
    return this.#running
  }

  /** Call after `connect`. */
  get host(): RemoteHost {
    if (this.#host === undefined) throw new Error('There is no connection.')
    return this.#host
  }

  /** A share of a connection to the host, for the caller to give back. Rejects as `RemoteHosts.connect` does. */
  reach(ask: ConnectRequest['ask'], signal: AbortSignal): Promise<RemoteHost> {
    const { hosts, login } = this.#parts
    const request = { destination: this.#destination, ask }
    return hosts.connect(login === undefined ? request : { ...request, login }, signal)
  }

  /** The same, kept until `close`. */
  async connect(ask: ConnectRequest['ask'], signal: AbortSignal): Promise<void> {
    this.#host = await this.reach(ask, signal)
  }

  /** Starts the source, or reads on from `at`, where the mode can. Call after `connect`. */
  async open(mode: RunMode, held: Held, at: ReadPoint | undefined): Promise<RunningSource> {
    const { host } = this
    const { resume } = mode
    this.#running =
      at === undefined || resume === undefined
        ? await mode.start(host, held)
        : await resume(host, held, at)
    return this.#running
  }

  /** Gives both back. Safe to call twice. */
  async close(): Promise<void> {
    const running = this.#running
    const host = this.#host
    this.#running = undefined
    this.#host = undefined
    await running?.[Symbol.asyncDispose]()
    await host?.[Symbol.asyncDispose]()
  }
}
