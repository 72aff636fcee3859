/** Makes system calls of a running program fail, wait or kill it: strace(1) attached to it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { until } from './until.ts'

export interface Injection {
  /** As `-e inject=` takes it: `fdatasync:error=EIO:when=1+`. */
  readonly inject: string
  /** Only calls on these files. */
  readonly paths: readonly string[]
}

export interface Strace extends AsyncDisposable {
  /** Lines about the calls that were tampered with. */
  injected(): readonly string[]
}

/** Resolves once every thread of the process is under it. Disposing lets the process go on untouched. */
export async function attachStrace(pid: number, { inject, paths }: Injection): Promise<Strace> {
  const calls = inject.slice(0, inject.indexOf(':'))
  const files = paths.flatMap((path) => ['-P', path])
  const flags = ['-f', '-q', '-p', String(pid), '-e', `trace=${calls}`, '-e', `inject=${inject}`]
  const child = spawn('strace', [...flags, ...files], { stdio: ['ignore', 'ignore', 'pipe'] })
  let text = ''
  child.stderr.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  const ended = once(child, 'exit')
  await until('strace is attached', () => {
    if (child.exitCode !== null) throw new Error(`strace ended: ${text}`)
    return isTraced(pid)
  })
  return {
    injected: () => text.split('\n').filter((line) => /\(INJECTED\)|\(DELAYED\)/.test(line)),
    async [Symbol.asyncDispose]() {
      child.kill('SIGINT')
      // Of a process that dies at that moment it sometimes waits for ever for the last thread.
      const giveUp = setTimeout(() => child.kill('SIGKILL'), 3_000)
      await ended
      clearTimeout(giveUp)
    },
  }
}

/** Every thread has a tracer. */
function isTraced(pid: number): boolean {
  return readdirSync(`/proc/${pid}/task`).every((thread) =>
    /^TracerPid:\t[1-9]/m.test(readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8')),
  )
}
