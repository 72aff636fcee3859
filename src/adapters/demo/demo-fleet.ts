/** A fleet of SSH hosts on this machine, to try Farglass without owning a server. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { demoHostNames, demoInventory } from './demo-host-names.ts'
import { newDemoKey } from './demo-key.ts'
import type { FleetOrder, FleetReport } from './fleet-messages.ts'
import { runnableModule } from './runnable-module.ts'

export interface DemoFleetOptions {
  /** Private to this fleet (made 0700). Keys, ssh_config and the home directories go there. */
  readonly directory: string
}

export interface DemoFleet extends AsyncDisposable {
  readonly hosts: readonly { readonly name: string; readonly port: number }[]
  /** Give it to ssh as `-F`: aliases, key and known_hosts of the fleet and nothing of the user's. */
  readonly sshConfigFile: string
  /** Its groups and tags, to try targets with. */
  readonly inventoryFile: string
  /** What a newcomer should see first. */
  readonly firstRun: { readonly target: string; readonly command: string }
}

/**
 * Starts the hosts and resolves once all of them listen. Sessions run a real `sh` as the current
 * user: only who can read the key in `directory` can log in, and the ports are on loopback. The
 * hosts live in a process of their own: their encryption and their programs then cost the server's
 * event loop nothing, and they end with the server however it ends.
 */
export async function startDemoFleet({ directory }: DemoFleetOptions): Promise<DemoFleet> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  await chmod(directory, 0o700)
  const clientKey = newDemoKey('farglass-demo')
  const hostKeys = demoHostNames.map((name) => ({ name, key: newDemoKey(name) }))
  const fleetProcess = startProcess()
  try {
    const hosts = await order(fleetProcess, {
      directory,
      clientKey: clientKey.public,
      hosts: hostKeys.map(({ name, key }) => ({ name, hostKey: key.private })),
    })
    await writeFile(join(directory, 'id_ed25519'), clientKey.private, { mode: 0o600 })
    await writeFile(
      join(directory, 'known_hosts'),
      hostKeys.map(({ name, key }) => knownHost(portOf(hosts, name), key.public)).join(''),
      { mode: 0o600 },
    )
    const sshConfigFile = join(directory, 'ssh_config')
    await writeFile(sshConfigFile, sshConfig(directory, hosts), { mode: 0o600 })
    const inventoryFile = join(directory, 'inventory.yaml')
    await writeFile(inventoryFile, demoInventory, { mode: 0o600 })
    return {
      hosts,
      sshConfigFile,
      inventoryFile,
      firstRun: { target: demoHostNames.join(','), command: 'service-log' },
      [Symbol.asyncDispose]: () => endProcess(fleetProcess),
    }
  } catch (thrown) {
    await endProcess(fleetProcess)
    throw thrown
  }
}

type StartedHosts = DemoFleet['hosts']

/** Nothing of the server's environment: what a user types on a demo host must not find its secrets. */
function startProcess(): ChildProcess {
  const { file, execArgv } = runnableModule(new URL('./fleet-process.ts', import.meta.url))
  return fork(fileURLToPath(file), [], {
    execArgv: [...execArgv],
    env: { PATH: process.env['PATH'], LANG: 'C.UTF-8' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
}

async function order(fleetProcess: ChildProcess, fleet: FleetOrder): Promise<StartedHosts> {
  const ended = new AbortController()
  const exited = once(fleetProcess, 'exit', { signal: ended.signal }).then(([code]) => {
    throw new Error(`The demo hosts did not start (exit code ${String(code)}).`)
  })
  const reported = once(fleetProcess, 'message', { signal: ended.signal })
  exited.catch(() => {})
  reported.catch(() => {})
  try {
    fleetProcess.send(fleet)
    // The one message that fleet-process.ts sends.
    const [report] = (await Promise.race([reported, exited])) as [FleetReport]
    return report.hosts
  } finally {
    ended.abort()
  }
}

/** The process ends when its channel to us closes; only a stuck one needs the signal. */
async function endProcess(fleetProcess: ChildProcess): Promise<void> {
  if (fleetProcess.exitCode !== null || fleetProcess.signalCode !== null) return
  const exited = once(fleetProcess, 'exit')
  if (fleetProcess.connected) fleetProcess.disconnect()
  const stuck = setTimeout(() => fleetProcess.kill('SIGKILL'), endPatienceMs)
  await exited
  clearTimeout(stuck)
}

const endPatienceMs = 4_000

function portOf(hosts: StartedHosts, name: string): number {
  return hosts.find((host) => host.name === name)?.port ?? 0
}

function knownHost(port: number, publicKey: string): string {
  return `[127.0.0.1]:${port} ${publicKey}\n`
}

function sshConfig(directory: string, hosts: StartedHosts): string {
  const aliases = hosts.map(({ name, port }) => `Host ${name}\n  Port ${port}\n`)
  return `# The demo fleet of Farglass: real SSH hosts on this machine, gone when it stops.
${aliases.join('')}
Host *
  HostName 127.0.0.1
  User demo
  IdentityFile "${join(directory, 'id_ed25519')}"
  IdentitiesOnly yes
  IdentityAgent none
  UserKnownHostsFile "${join(directory, 'known_hosts')}"
  GlobalKnownHostsFile /dev/null
  StrictHostKeyChecking yes
  PasswordAuthentication no
  KbdInteractiveAuthentication no
`
}
