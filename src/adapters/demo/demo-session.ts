/** One session on a demo host: a real shell as sshd would start it, in a group of its own. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import type { Connection, ServerChannel, Session } from 'ssh2'
import { type DemoHome, homeEnvironment } from './demo-home.ts'
import type { Terminal } from './demo-terminal.ts'
import { sendOutput } from './send-output.ts'

export interface SessionPlace {
  readonly home: DemoHome
  readonly terminal: Terminal
  readonly connection: Connection
}

/** Commands only: a login shell, file transfer and forwarding are refused. */
export function serveSession(session: Session, place: SessionPlace): void {
  let wantsTerminal = false
  session.on('pty', (accept, reject) => {
    wantsTerminal = true
    if (place.terminal === null) reject()
    else accept()
  })
  session.on('window-change', (accept) => accept())
  session.on('env', (_accept, reject) => reject())
  session.on('exec', (accept, reject, { command }) => {
    const argv = wantsTerminal ? place.terminal?.(command) : (['/bin/sh', '-c', command] as const)
    // ssh goes on without the terminal that it was refused; the command must not.
    if (argv === undefined) reject()
    else runCommand(accept(), argv, place)
  })
}

function runCommand(
  channel: ServerChannel,
  [file, ...args]: readonly [string, ...string[]],
  { home, connection }: SessionPlace,
): void {
  // A session leader as under sshd, so that its pid names the process group.
  const child = spawn(file, args, {
    cwd: home.directory,
    env: homeEnvironment(home),
    detached: true,
  })
  if (child.pid !== undefined) groups.add(child.pid)
  const end = () => endGroup(child)
  child.on('error', (error) => {
    channel.stderr.write(`The demo host could not start a shell: ${error.message}\n`)
    channel.exit(127)
    channel.end()
  })
  child.stdin.on('error', () => {})
  channel.pipe(child.stdin)
  const output = sendOutput(child, channel)
  // As sshd does, though the shell lives on: the wrapper waits for what the client answers. A shell
  // that ends now comes first, as ssh2 tells no exit code after this.
  void output.then(() => setTimeout(() => channel.eof(), exitMs))
  child.on('exit', (code, signal) => {
    if (signal === null) channel.exit(code ?? 255)
    else channel.exit(signal.slice('SIG'.length), false, '')
  })
  // Once both outputs have ended: a background process may hold them longer than the command lives.
  child.on('close', () => {
    connection.off('close', end)
    if (child.pid !== undefined) groups.delete(child.pid)
    void output.then(() => channel.end())
  })
  channel.on('close', end)
  connection.on('close', end)
}

/** Called when the fleet ends: nothing that a session has started outlives it. */
export function endAllGroups(): void {
  for (const group of groups) signal(group, 'SIGKILL')
}

/** The client has gone: its command goes too. Farglass's own wrapper is as quick about it. */
function endGroup(child: ChildProcessWithoutNullStreams): void {
  child.stdin.destroy()
  child.stdout.destroy()
  child.stderr.destroy()
  const group = child.pid
  if (group === undefined || !groups.delete(group) || !signal(group, 'SIGTERM')) return
  setTimeout(() => signal(group, 'SIGKILL'), killAfterMs)
}

/** Leaders of the groups whose sessions are open. */
const groups = new Set<number>()
const killAfterMs = 3_000
/** By then the exit of a shell is known whose outputs have ended. */
const exitMs = 20

function signal(group: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(-group, name)
  } catch {
    // The group is empty already.
    return false
  }
}
