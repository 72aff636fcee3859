/** Arguments and environment of every ssh process. No secret is ever in either. */
import type { Destination } from '../../shared/destination.ts'
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import { askpassVariables } from './askpass-program.ts'

/** What all ssh processes of one Farglass share. */
export interface SshSetup {
  /** `-F` and the ssh_config file. */
  readonly configArgs: readonly string[]
  /** Version of the client as a number, see `versionNumber`. */
  readonly version: number
}

/** The process that logs in and holds the connection; sessions go through its control socket. */
export function masterArgs(setup: SshSetup, login: MasterLogin): string[] {
  return [
    ...setup.configArgs,
    '-M',
    '-N',
    '-T',
    '-S',
    login.socketPath,
    ...options({
      ...common(setup),
      // Why a handshake or a connection ended is said at this level; nobody else reads it.
      LogLevel: 'INFO',
      ControlPersist: 'no',
      BatchMode: 'no',
      ConnectTimeout: Math.ceil(limits.connectTimeoutMs / 1_000),
      ServerAliveInterval: limits.keepaliveIntervalS,
      ServerAliveCountMax: limits.keepaliveCountMax,
      StrictHostKeyChecking: 'ask',
      VisualHostKey: 'no',
      NumberOfPasswordPrompts: login.typed ? 1 : 3,
      ...(login.typed ? onlyPassword : {}),
    }),
    ...destinationArgs(login.destination),
  ]
}

export interface MasterLogin {
  readonly destination: Destination
  readonly socketPath: string
  /** A person has typed a password: nothing else may be offered. */
  readonly typed: boolean
}

/** `--` ends the options; name, user and port were checked, and are checked once more. */
export function destinationArgs({ name, user, port }: Destination): string[] {
  if (name.startsWith('-') || user?.startsWith('-') === true) {
    throw new AppError('bad-target', 'A host or user name cannot start with "-".')
  }
  return [
    ...(user === null ? [] : ['-l', user]),
    ...(port === null ? [] : ['-p', String(port)]),
    '--',
    name,
  ]
}

/** The closed environment of an ssh process. */
export function sshEnvironment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const kept = passedOn.flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return { ...Object.fromEntries(kept), ...more }
}

/** What lets ssh reach our askpass program, and nothing else that could ask. */
export function askpassEnvironment(way: AskpassWay): Record<string, string> {
  return {
    SSH_ASKPASS: way.program,
    SSH_ASKPASS_REQUIRE: 'force',
    [askpassVariables.socket]: way.socketPath,
    [askpassVariables.nonce]: way.nonce,
  }
}

export interface AskpassWay {
  readonly program: string
  readonly socketPath: string
  readonly nonce: string
}

/** KRB5CCNAME and XDG_RUNTIME_DIR name places of tickets and agents, they hold no secret. */
const passedOn = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'LANG',
  'SSH_AUTH_SOCK',
  'KRB5CCNAME',
  'XDG_RUNTIME_DIR',
]

const onlyPassword = {
  PubkeyAuthentication: 'no',
  IdentitiesOnly: 'yes',
  IdentityAgent: 'none',
  GSSAPIAuthentication: 'no',
  HostbasedAuthentication: 'no',
  PreferredAuthentications: 'password,keyboard-interactive',
}

/** The host gets nothing of this machine, and ssh_config cannot turn a session into something else. */
function common(setup: SshSetup): Record<string, string> {
  return {
    ForwardAgent: 'no',
    ForwardX11: 'no',
    ClearAllForwardings: 'yes',
    Tunnel: 'no',
    PermitLocalCommand: 'no',
    EscapeChar: 'none',
    RemoteCommand: 'none',
    ...(setup.version >= 807 ? { ForkAfterAuthentication: 'no' } : {}),
  }
}

function options(all: Readonly<Record<string, string | number>>): string[] {
  return Object.entries(all).flatMap(([name, value]) => ['-o', `${name}=${value}`])
}
