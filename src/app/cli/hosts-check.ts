/** `farglass hosts TARGET --check`: goes the way to each host and says what it met. */
import type { FarglassApi } from '../../client/api.ts'
import type { CliContext } from './context.ts'
import { exitStatus } from './exit-status.ts'
import { checkText, countText, stepsText } from './hosts-text.ts'
import { createProgress } from './progress.ts'

export interface Checking {
  readonly api: FarglassApi
  readonly context: CliContext
  readonly signal: AbortSignal
  readonly isJson: boolean
}

/** One host with each step, several with a row each as they are done. The exit status is 1 when one failed. */
export async function checkHosts(
  target: string,
  hosts: readonly string[],
  checking: Checking,
): Promise<number> {
  const { api, context, signal, isJson } = checking
  const [only = '', ...others] = hosts
  if (others.length === 0) {
    const check = await api.checkHost(only, signal)
    await context.output.write('out', isJson ? `${JSON.stringify(check)}\n` : stepsText(check))
    return check.ok ? exitStatus.ok : exitStatus.failed
  }
  const width = Math.max(...hosts.map(({ length }) => length))
  await using progress = createProgress(context.output)
  let done = 0
  let failed = 0
  for await (const check of api.checkHosts(target, signal)) {
    done++
    if (!check.ok) failed++
    await progress.clear()
    await context.output.write(
      'out',
      isJson ? `${JSON.stringify(check)}\n` : checkText(check, width),
    )
    await progress.show(`${done} of ${countText(hosts.length)} checked`)
  }
  await progress.clear()
  if (!isJson) await context.say(`${done - failed} ok · ${failed} failed`)
  return failed === 0 ? exitStatus.ok : exitStatus.failed
}
