/** A real sshd on a free loopback port with its own directory, keys and ssh_config. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, readFileSync } from 'node:fs'
import { chmod, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from './free-port.ts'
import { isAlive, type ProcessFacts, processesWithEnvironment, processTree } from './proc.ts'
import { removeFolder } from './remove-folder.ts'
import type { SystemdMachine } from './systemd-machine.ts'
import { canMakeUsers, makeUser, type ThrowawayUser } from './throwaway-user.ts'
import { until } from './until.ts'

const run = promisify(execFile)

export interface SshdOptions {
  /** Names under which the ssh_config file knows this sshd; the first one is `alias`. */
  readonly aliases?: readonly string[]
  /** Address: 127.0.0.1 unless it says more. */
  readonly listen?: string
  /** Runs in this network namespace, where `listen` is an address of its own. */
  readonly namespace?: string
  /** Runs inside this machine, whose systemd then knows its sessions. */
  readonly machine?: Pick<SystemdMachine, 'enter' | 'shared'>
  /** The client's known_hosts holds the host key from the start. Default true. */
  readonly known?: boolean
  /** The ssh_config file names an authorised key. Default true. */
  readonly key?: boolean
  /** Passphrase of that key. */
  readonly passphrase?: string
  /** Makes a local user with a password (needs root, see `canMakeUsers`). */
  readonly passwordUser?: boolean
  /** Where its durable runs are kept; without it below its own directory. */
  readonly stateHome?: string
  /** Extra sshd_config lines; they win over the defaults. */
  readonly sshdConfig?: readonly string[]
  /** Blocks of `Match`, which stand at the end. */
  readonly sshdMatch?: readonly string[]
  /** Extra ssh_config lines for every alias; they win over the defaults. */
  readonly sshConfig?: readonly string[]
}

export interface Sshd extends AsyncDisposable {
  readonly host: string
  readonly port: number
  readonly alias: string
  /** `user@host:port`, for a destination without the ssh_config alias. */
  readonly address: string
  /** The user whose key is authorised: the one that runs the test. */
  readonly user: string
  readonly passwordUser: ThrowawayUser | null
  /** Give it to ssh as `-F`: it points to `knownHostsFile` and to the key, never to a home directory. */
  readonly sshConfigFile: string
  readonly knownHostsFile: string
  readonly authorizedKeysFile: string
  /** Private key whose public half is authorised; `.pub` beside it. */
  readonly keyFile: string
  readonly directory: string
  /** What sshd has logged so far (LogLevel DEBUG1 shows every userauth-request). */
  log(): Promise<string>
  /** `SHA256:…` of the host key in use. */
  fingerprint(): Promise<string>
  /** sshd's own processes for connections, not the listener. */
  sessions(): ProcessFacts[]
  /** Where durable runs keep their directories, unless there is a password user. */
  readonly stateHome: string
  /** What runs on the "host": every living process that a session of this sshd has started. */
  processes(): ProcessFacts[]
  /** SIGKILL to every session process of sshd; resolves with their number once they are gone. */
  killSessions(): Promise<number>
  /** Stops the listener; open connections live on. */
  stopListener(): Promise<void>
  startListener(): Promise<void>
  /** From now on the same port shows another host key. */
  changeHostKey(): Promise<void>
}

/**
 * An sshd that is not root can only give terminals that already belong to group tty, which is how
 * most machines mount them, but not every container.
 */
export const canHaveTerminals: boolean =
  process.getuid?.() === 0 || /^devpts .*gid=5[, ]/m.test(readFileSync('/proc/mounts', 'utf8'))

/** Starts it and resolves once it listens. */
export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  const directory = await mkdtemp(join(options.machine?.shared ?? tmpdir(), 'fg-sshd-'))
  await chmod(directory, 0o755)
  const user = options.passwordUser === true ? await makeUser(join(directory, 'home')) : null
  const sshd = new RunningSshd(directory, options, user)
  try {
    await sshd.prepare()
    await sshd.startListener()
  } catch (thrown) {
    await sshd[Symbol.asyncDispose]()
    throw thrown
  }
  return sshd
}

class RunningSshd implements Sshd {
  readonly host: string
  readonly alias: string
  readonly user: string = userInfo().username
  readonly passwordUser: ThrowawayUser | null
  readonly directory: string
  readonly sshConfigFile: string
  readonly knownHostsFile: string
  readonly authorizedKeysFile: string
  readonly keyFile: string
  port = 0
  readonly stateHome: string
  readonly #options: SshdOptions
  readonly #hostKeyFile: string
  readonly #logFile: string
  /** In the environment of everything that runs in a session, so that orphans are found too. */
  readonly #mark = `FARGLASS_TEST_HOST=${randomBytes(8).toString('hex')}`
  /** Sessions of earlier listeners: they live on with another parent. */
  readonly #olderSessions = new Set<number>()
  #listener: ChildProcess | null = null
  #guard: ChildProcess | null = null

  constructor(directory: string, options: SshdOptions, passwordUser: ThrowawayUser | null) {
    this.#options = options
    this.directory = directory
    this.passwordUser = passwordUser
    this.host = options.listen ?? '127.0.0.1'
    this.alias = options.aliases?.[0] ?? 'web-1'
    this.stateHome = options.stateHome ?? join(directory, 'state')
    this.sshConfigFile = join(directory, 'ssh_config')
    this.knownHostsFile = join(directory, 'known_hosts')
    this.authorizedKeysFile = join(directory, 'authorized_keys')
    this.keyFile = join(directory, 'id_ed25519')
    this.#hostKeyFile = join(directory, 'host_key')
    this.#logFile = join(directory, 'sshd.log')
  }

  get address(): string {
    const host = this.host.includes(':') ? `[${this.host}]` : this.host
    return `${this.user}@${host}:${this.port}`
  }

  async prepare(): Promise<void> {
    // No other program listens in a namespace of ours.
    this.port = this.#options.namespace === undefined ? await freePort(this.host) : 2222
    await makeKey(this.#hostKeyFile, '')
    await makeKey(this.keyFile, this.#options.passphrase ?? '')
    await copyFile(`${this.keyFile}.pub`, this.authorizedKeysFile)
    const hostKey = await readFile(`${this.#hostKeyFile}.pub`, 'utf8')
    const known = this.#options.known === false ? '' : `[${this.host}]:${this.port} ${hostKey}`
    await writeFile(this.knownHostsFile, known)
    await writeFile(this.#logFile, '')
    await writeFile(this.sshConfigFile, this.#sshConfig())
    await writeFile(join(this.directory, 'sshd_config'), this.#sshdConfig())
  }

  async startListener(): Promise<void> {
    // Debian's sshd wants this directory when it runs as root and no service has made it.
    if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 })
    // Not "-e": sessions would get sshd's debug lines on their stderr.
    const args = ['-D', '-E', this.#logFile, '-f', join(this.directory, 'sshd_config')]
    const logged = (await this.log()).length
    const { namespace, machine } = this.#options
    const within = namespace === undefined ? [] : ['ip', 'netns', 'exec', namespace]
    const all = [...(machine?.enter ?? within), '/usr/sbin/sshd', ...args]
    const [program = '', ...words] = all
    // "ip" becomes sshd, so this is its process in both cases.
    const listener = spawn(program, words, { stdio: 'ignore' })
    this.#listener = listener
    this.#guard = guard(listener.pid ?? 0, this.directory)
    await until('sshd listens', async () => {
      const news = (await this.log()).slice(logged)
      if (listener.exitCode !== null) throw new Error(`sshd did not start: ${news}`)
      return news.includes('Server listening on')
    })
  }

  async stopListener(): Promise<void> {
    const listener = this.#listener
    if (listener === null) return
    for (const { pid } of this.sessions()) this.#olderSessions.add(pid)
    this.#listener = null
    this.#guard?.kill('SIGKILL')
    if (listener.exitCode !== null || listener.signalCode !== null) return
    listener.kill('SIGTERM')
    await once(listener, 'exit')
  }

  async changeHostKey(): Promise<void> {
    await this.stopListener()
    await makeKey(this.#hostKeyFile, '')
    await this.startListener()
  }

  log(): Promise<string> {
    return readFile(this.#logFile, 'utf8')
  }

  async fingerprint(): Promise<string> {
    const { stdout } = await run('ssh-keygen', ['-lf', `${this.#hostKeyFile}.pub`])
    return stdout.split(' ')[1] ?? ''
  }

  sessions(): ProcessFacts[] {
    const listener = this.#listener?.pid ?? -1
    return processTree([listener, ...this.#olderSessions]).filter(
      // In a machine of its own the listener is a child of what has entered it.
      ({ pid, command }) =>
        pid !== listener && command.startsWith('sshd: ') && !command.includes('[listener]'),
    )
  }

  processes(): ProcessFacts[] {
    return processesWithEnvironment(this.#mark)
  }

  async killSessions(): Promise<number> {
    const sessions = this.sessions()
    for (const { pid } of sessions) kill(pid)
    await until('sshd sessions end', () => !sessions.some(({ pid }) => isAlive(pid)))
    return sessions.length
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stopListener()
    await this.killSessions()
    await until('nothing runs on the host', () => {
      // One of them may have started another meanwhile.
      const left = this.processes()
      for (const { pid } of left) kill(pid)
      return left.length === 0
    })
    await this.passwordUser?.[Symbol.asyncDispose]()
    await removeFolder(this.directory)
  }

  #sshdConfig(): string {
    const { sshdConfig = [], sshdMatch = [] } = this.#options
    const listen = this.host.includes(':') ? `[${this.host}]` : this.host
    return lines([
      ...sshdConfig,
      `Port ${this.port}`,
      `ListenAddress ${listen}:${this.port}`,
      `HostKey ${this.#hostKeyFile}`,
      `PidFile none`,
      `AuthorizedKeysFile ${this.authorizedKeysFile}`,
      // The directory is below /tmp, which StrictModes would refuse.
      'StrictModes no',
      'PermitRootLogin yes',
      `UsePAM ${canMakeUsers ? 'yes' : 'no'}`,
      'PrintMotd no',
      'PrintLastLog no',
      'UseDNS no',
      'LogLevel DEBUG1',
      // SHLVL keeps bash from reading the .bashrc of whoever runs the tests.
      // Not below the home of whoever runs the tests; a user made for them has a home of its own.
      `SetEnv ${this.#mark} SHLVL=1${this.passwordUser === null ? ` XDG_STATE_HOME=${this.stateHome}` : ''}`,
      // The post-quantum default costs 100 ms of CPU per handshake, on each side.
      'KexAlgorithms curve25519-sha256',
      ...sshdMatch,
    ])
  }

  #sshConfig(): string {
    const { aliases = [this.alias], key = true, sshConfig = [] } = this.#options
    const hosts = aliases.flatMap((alias) => [
      `Host ${alias}`,
      ...sshConfig,
      `HostName ${this.host}`,
      `Port ${this.port}`,
      `User ${this.user}`,
    ])
    return lines([
      ...hosts,
      'Host *',
      ...(key ? [`IdentityFile ${this.keyFile}`] : []),
      'IdentitiesOnly yes',
      `UserKnownHostsFile ${this.knownHostsFile}`,
      'GlobalKnownHostsFile /dev/null',
    ])
  }
}

/** A test that timed out never cleans up; this does it when the process of the test has ended. */
function guard(pid: number, directory: string): ChildProcess {
  const script = 'read -r _; kill -KILL "$1"; rm -rf "$2"'
  return spawn('/bin/sh', ['-c', script, 'guard', String(pid), directory], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
}

async function makeKey(file: string, passphrase: string): Promise<void> {
  await rm(file, { force: true })
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-C', 'test', '-f', file])
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}
