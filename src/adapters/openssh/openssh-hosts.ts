/** The RemoteHosts port on the system's OpenSSH client. */
import { rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import type { Clock } from '../../core/clock.ts'
import type { ConnectRequest, RemoteHost, RemoteHosts } from '../../core/remote/remote-host.ts'
import type { Destination } from '../../shared/destination.ts'
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import { writeAskpassProgram } from './askpass-program.ts'
import { startAskpassServer } from './askpass-server.ts'
import { Gate } from './gate.ts'
import { HostConnections } from './host-connections.ts'
import { LoginGates } from './login-gates.ts'
import { loginWays } from './login-ways.ts'
import type { SshParts } from './master.ts'
import { ConfigAnswers, settingsIn } from './resolve-destination.ts'
import { makeRuntimeDirectory } from './runtime-directory.ts'
import { Spawner } from './spawner.ts'
import { sshConfigArgs } from './ssh-config.ts'
import { sshVersion, versionNumber } from './ssh-version.ts'
import { startWatchdog } from './watchdog.ts'

export interface OpenSshOptions {
  /** Sockets and small files go into a private directory below it. */
  readonly runtimeDir: string
  /** Read by ssh instead of the user's own ssh_config. */
  readonly sshConfigFile: string | null
  readonly clock: Clock
}

/**
 * Rejects with `ssh-config-invalid` when the file cannot be read, with `store-failed` when the disk
 * takes no small file; a missing ssh shows on connect.
 */
export async function createOpenSshHosts(options: OpenSshOptions): Promise<RemoteHosts> {
  try {
    return await startIn(await makeRuntimeDirectory(options.runtimeDir), options)
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    throw new AppError('store-failed', `The files that ssh needs cannot be written: ${why}.`, {
      cause: thrown,
      hint: `Make room, or correct the rights of ${options.runtimeDir}.`,
    })
  }
}

async function startIn(directory: string, options: OpenSshOptions): Promise<RemoteHosts> {
  try {
    const parts = [
      sshConfigArgs(directory, options.sshConfigFile),
      sshVersion(),
      writeAskpassProgram(directory),
    ] as const
    // All of them: what still writes would be in the way of the clean-up.
    await Promise.allSettled(parts)
    const [configArgs, version, askpassProgram] = await Promise.all(parts)
    return new OpenSshHosts({
      setup: { configArgs, version: versionNumber(version) },
      directory,
      askpassProgram,
      askpass: await startAskpassServer(directory),
      watchdog: await startWatchdog(directory),
      spawner: new Spawner(),
      clock: options.clock,
      config: new ConfigAnswers(configArgs, options.clock),
    })
  } catch (thrown) {
    await rm(directory, { recursive: true, force: true })
    throw thrown
  }
}

class OpenSshHosts implements RemoteHosts {
  readonly #ssh: SshParts
  readonly #shared = new Map<string, HostConnections>()
  readonly #all = new Set<HostConnections>()
  readonly #gates: LoginGates
  /** A login waits for its host more than it computes, so that several share a core. */
  readonly #cpuGate = new Gate(limits.loginsPerCoreMax * availableParallelism())
  readonly #closing = new AbortController()

  constructor(ssh: SshParts) {
    this.#ssh = ssh
    const settings = async (destination: Destination) => {
      const config = await ssh.config.of(destination)
      return config === null ? null : settingsIn(config)
    }
    this.#gates = new LoginGates({
      places: limits.handshakesPerHostMax,
      ways: (destination) => loginWays(destination, settings),
    })
  }

  async connect(request: ConnectRequest, signal: AbortSignal): Promise<RemoteHost> {
    const both = AbortSignal.any([signal, this.#closing.signal])
    both.throwIfAborted()
    return this.#connectionsFor(request).join(request, both)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closing.signal.aborted) return
    this.#closing.abort(new AppError('shutting-down', 'Farglass is being stopped.'))
    await Promise.all([...this.#all].map((connections) => connections.close()))
    await this.#ssh.spawner.endAll(this.#ssh.clock)
    await this.#ssh.askpass[Symbol.asyncDispose]()
    await this.#ssh.watchdog[Symbol.asyncDispose]()
    await rm(this.#ssh.directory, { recursive: true, force: true })
  }

  #connectionsFor({ destination, login }: ConnectRequest): HostConnections {
    const { user, name, port } = destination
    const key = JSON.stringify([user, name, port])
    const known = login === undefined ? this.#shared.get(key) : undefined
    if (known !== undefined) return known
    const connections: HostConnections = new HostConnections({
      ssh: this.#ssh,
      gates: this.#gates,
      cpuGate: this.#cpuGate,
      typed: login !== undefined,
      emptied: () => {
        this.#all.delete(connections)
        if (this.#shared.get(key) === connections) this.#shared.delete(key)
      },
    })
    this.#all.add(connections)
    if (login === undefined) this.#shared.set(key, connections)
    return connections
  }
}
