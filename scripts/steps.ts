/** Runs the checks that need no server, prints a line for each and the output of those that fail. */
import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Step {
  readonly name: string
  /** A program of node_modules/.bin, or `node`. */
  readonly command: string
  readonly args: readonly string[]
}

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Everything about the sources that can be told without running them. */
export const staticSteps: readonly Step[] = [
  { name: 'types', command: 'tsc', args: ['-b'] },
  { name: 'types of tests', command: 'tsc', args: ['-p', 'tsconfig.test.json'] },
  { name: 'lint', command: 'oxlint', args: ['--deny-warnings', '--disable-nested-config'] },
  { name: 'format', command: 'biome', args: ['check'] },
  { name: 'unused code', command: 'knip', args: [] },
  { name: 'weight of the page', command: 'tsx', args: ['scripts/page-budget.ts'] },
  { name: 'sizes', command: 'node', args: ['scripts/sizes.mjs', '--check'] },
]

/** Runs all steps, as many at once as there are processors. Resolves to the names of those that failed. */
export async function runSteps(steps: readonly Step[]): Promise<readonly string[]> {
  const waiting = [...steps]
  const failed: string[] = []
  const work = async (): Promise<void> => {
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      if (!(await runStep(step))) failed.push(step.name)
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  return failed
}

async function runStep(step: Step): Promise<boolean> {
  const startedMs = Date.now()
  const { status, output } = await capture(step)
  const seconds = ((Date.now() - startedMs) / 1_000).toFixed(1)
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${step.name} (${seconds} s)`)
  if (status !== 0) console.log(output)
  return status === 0
}

function capture(step: Step): Promise<{ status: number | null; output: string }> {
  const local = join(root, 'node_modules/.bin', step.command)
  const bin = step.command === 'node' ? process.execPath : local
  const child = spawn(bin, step.args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const keep = (chunk: Buffer): void => {
    output += chunk.toString()
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (status) => resolve({ status, output }))
  })
}
