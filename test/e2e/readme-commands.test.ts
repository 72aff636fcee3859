/** The commands of README.md, run as a new user would. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { removeFolder } from '../support/remove-folder.ts'
import { until } from '../support/until.ts'

describe('the commands of README.md', () => {
  it('seed-32-readme-start: "npm run demo" gives one address that opens, and ends on Ctrl-C', async () => {
    await using started = await startScript('demo', ['--port', '0'])
    const address = new URL(await started.address())
    expect(await statusOf(address.origin)).toBe(200)
    expect(await statusOf(`${address.origin}/healthz`)).toBe(200)
    await started.interrupt()
    await expect(fetch(address.origin)).rejects.toThrow('fetch failed')
  })

  it('"npm start" takes flags after "--" and explains itself', async () => {
    await using started = await startScript('start', ['--help'])
    const help = await until('the help', () => /Usage:[^]*/.exec(started.output())?.[0], 60_000)
    expect(help).toContain('farglass serve')
  })
})

async function statusOf(url: string): Promise<number> {
  return (await fetch(url, { signal: AbortSignal.timeout(10_000) })).status
}

interface StartedScript extends AsyncDisposable {
  output(): string
  /** The address in its output. */
  address(): Promise<string>
  /** Ctrl-C: to the whole group, as a terminal does. Resolves when no process of it is left. */
  interrupt(): Promise<void>
}

/** Starts an npm script in a process group of its own, with a home folder of its own. */
async function startScript(name: string, flags: readonly string[]): Promise<StartedScript> {
  const home = await mkdtemp(join(tmpdir(), 'fg-readme-'))
  const child = spawn('npm', ['run', name, '--', ...flags], {
    detached: true,
    env: { ...process.env, HOME: home, XDG_STATE_HOME: join(home, 'state') },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  }
  return {
    output: () => output,
    address: async () => {
      try {
        return await until('an address', () => /http:\/\/\S+/.exec(output)?.[0], 45_000)
      } catch (cause) {
        throw new Error(`No address after 45 s. It said: ${output}`, { cause })
      }
    },
    interrupt: async () => {
      signalGroup(child, 'SIGINT')
      await until('nothing of it is left', () => !signalGroup(child, 0))
    },
    [Symbol.asyncDispose]: async () => {
      signalGroup(child, 'SIGKILL')
      await removeFolder(home)
    },
  }
}

/** False when the group has ended by itself. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-(child.pid ?? 0), signal)
  } catch {
    return false
  }
}
