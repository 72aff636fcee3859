/** Claim: Farglass is there at once: the server, and a command from the terminal. */
import { execFile } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type BenchContext, type Claim, type Figure, repeat, rowsOf } from './support/claim.ts'
import { timePlainTrue } from './support/plain-ssh.ts'
import { startServer } from './support/server.ts'

export const start: Claim = { name: 'start', measure }

const run = promisify(execFile)
const main = join(dirname(dirname(fileURLToPath(import.meta.url))), 'dist/app/main.js')

async function measure(context: BenchContext): Promise<readonly Figure[]> {
  const ready = await repeat(context.repeats, () => timeServe(context))
  const plain = await repeat(context.repeats, () => timePlainTrue(context.sshd))
  const ours = await repeat(context.repeats, () => timeRunTrue(context))
  const table = rowsOf('start')
  const plainTrue = table.row('ssh HOST true', 'ms', plain)
  return [
    { ...table.row('serve, until it says its address', 'ms', ready), target: '< 1,000' },
    plainTrue,
    {
      ...table.against(table.row('farglass run HOST -- true', 'ms', ours), plainTrue),
      target: 'plain + < 300',
    },
  ]
}

async function timeServe({ folder, sshd }: BenchContext): Promise<number> {
  await using server = await startServer({ folder, sshd, sync: 'full' })
  return server.readyMs
}

/** Without a server: the engine inside the command itself. */
async function timeRunTrue({ folder, sshd }: BenchContext): Promise<number> {
  const startedMs = performance.now()
  const flags = ['--ssh-config', sshd.sshConfigFile]
  const env = { ...process.env, FARGLASS_DATA: join(folder, 'cli') }
  await run(process.execPath, [main, 'run', ...flags, sshd.alias, '--', 'true'], { env })
  return performance.now() - startedMs
}
