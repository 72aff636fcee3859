/** Ends our ssh processes when Farglass itself is killed and cannot do it any more. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'

export interface Watchdog extends AsyncDisposable {
  /** From now on this process must not outlive us. */
  guard(pid: number): void
  /** It has ended: its number may belong to another process soon. */
  release(pid: number): void
}

/**
 * A sh that reads "+ pid" and "- pid" from its stdin. The kernel closes that pipe however we end;
 * then it ends what is left and removes `directory`.
 */
export async function startWatchdog(directory: string): Promise<Watchdog> {
  const child = spawn('/bin/sh', ['-c', script, 'farglass-watchdog', directory], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
  })
  const ended = once(child, 'exit')
  await once(child, 'spawn')
  // If somebody kills it, we go on without.
  child.stdin.on('error', () => undefined)
  return {
    guard: (pid) => void child.stdin.write(`+ ${pid}\n`),
    release: (pid) => void child.stdin.write(`- ${pid}\n`),
    async [Symbol.asyncDispose]() {
      child.stdin.end()
      await ended
    },
  }
}

const script = `trap "" HUP INT TERM
pids=
while read -r sign pid; do
  if [ "$sign" = + ]; then pids="$pids $pid"; continue; fi
  left=
  for one in $pids; do [ "$one" = "$pid" ] || left="$left $one"; done
  pids=$left
done
[ -z "$pids" ] || kill -TERM $pids
rm -rf "$1"`
