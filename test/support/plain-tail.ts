/** What people do without Farglass: `ssh HOST tail -F FILE`, started again whenever it ends. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Sshd } from './sshd.ts'

export interface PlainTail extends AsyncDisposable {
  lines(): string[]
}

export function startPlainTail(sshd: Sshd, file: string): PlainTail {
  const pieces: Buffer[] = []
  let child: ChildProcess | undefined
  let isOver = false
  const run = async () => {
    for (let first = '+1'; !isOver; first = '0') {
      const tail = `exec tail -n ${first} -F '${file}' 2>/dev/null`
      child = spawn('ssh', ['-F', sshd.sshConfigFile, sshd.alias, tail], {
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      child.stdout?.on('data', (piece: Buffer) => void pieces.push(piece))
      await once(child, 'close')
    }
  }
  const done = run()
  return {
    lines: () => Buffer.concat(pieces).toString('latin1').split('\n').slice(0, -1),
    async [Symbol.asyncDispose]() {
      isOver = true
      child?.kill('SIGKILL')
      await done
    },
  }
}
