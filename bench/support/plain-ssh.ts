/** The peers: what plain ssh gives on the same machine in the same minutes. */
import { execFile, spawn } from 'node:child_process'
import { promisify } from 'node:util'
import type { Sshd } from '../../test/support/sshd.ts'
import { Histogram } from './histogram.ts'
import { takeStamps } from './stream-reader.ts'

const run = promisify(execFile)

/** Seconds of `ssh [OPTIONS] HOST COMMAND | wc -l`, handshake included. Throws when the count is wrong. */
export async function timePlainCount(
  sshd: Sshd,
  job: { readonly command: string; readonly lines: number; readonly options: readonly string[] },
): Promise<number> {
  const ssh = ['ssh', ...sshArgs(sshd, job.options), job.command]
  const startedMs = performance.now()
  const { stdout } = await run('sh', ['-c', '"$@" | wc -l', 'sh', ...ssh])
  const seconds = (performance.now() - startedMs) / 1_000
  if (Number(stdout) !== job.lines) throw new Error(`plain ssh gave ${stdout.trim()} lines`)
  return seconds
}

/** Ages of timed lines that come by plain ssh, in the same form as those of a viewer. */
export async function plainLatency(sshd: Sshd, command: string): Promise<Histogram> {
  const ages = new Histogram()
  const ssh = spawn('ssh', [...sshArgs(sshd, []), command], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  ssh.stdout.on('data', (chunk: Buffer) => takeStamps(chunk, ages))
  await new Promise((resolve, reject) => {
    ssh.on('error', reject)
    ssh.on('close', resolve)
  })
  return ages
}

/** Milliseconds of `ssh HOST true`, handshake included. */
export async function timePlainTrue(sshd: Sshd): Promise<number> {
  const startedMs = performance.now()
  await run('ssh', [...sshArgs(sshd, []), 'true'])
  return performance.now() - startedMs
}

function sshArgs(sshd: Sshd, options: readonly string[]): readonly string[] {
  return ['-F', sshd.sshConfigFile, '-o', 'BatchMode=yes', ...options, sshd.alias]
}
