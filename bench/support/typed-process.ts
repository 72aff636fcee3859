/** Starts the small TypeScript programs of bench/processes as processes of their own. */
import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'processes')
const loader = import.meta.resolve('tsx')

/** Calls back for each line that it prints. Resolves when it ends; rejects when the status is not 0. */
export async function startTyped(
  name: string,
  args: readonly string[],
  each: (line: string) => void,
): Promise<void> {
  const [program = '', ...rest] = typedCommand(name, args)
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'inherit'] })
  createInterface({ input: child.stdout }).on('line', each)
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  if (status !== 0) throw new Error(`${name} ended with status ${status}.`)
}

/** The same as a list of words, for the shell of the "remote host". */
export function typedCommand(name: string, args: readonly string[]): readonly string[] {
  return [process.execPath, '--import', loader, join(folder, name), ...args]
}
