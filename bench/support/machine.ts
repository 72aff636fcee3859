/** What the figures were taken on: without it they mean nothing. */
import { execFileSync } from 'node:child_process'
import { cpus, totalmem, type } from 'node:os'

export interface Machine {
  readonly summary: string
  readonly date: string
}

export function describeMachine(): Machine {
  const processors = cpus()
  const gigabytes = Math.round(totalmem() / 2 ** 30)
  const model = processors[0]?.model.trim() ?? 'unknown processor'
  const summary = [
    `${processors.length} × ${model}`,
    `${gigabytes} GiB`,
    type(),
    `Node ${process.versions.node}`,
    sshVersion(),
  ].join(', ')
  return { summary, date: new Date().toISOString().slice(0, 10) }
}

function sshVersion(): string {
  return execFileSync('sh', ['-c', 'ssh -V 2>&1']).toString().split(',')[0] ?? ''
}
