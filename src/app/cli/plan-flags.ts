/** Flags that say how a run goes over its hosts, for every command that starts one. */
import { limits } from '../../shared/limits.ts'
import { batchPattern, type PlanRequest, type RunOrder, runOrders } from '../../shared/run-plan.ts'
import { type CommandLine, type CommandSpec, type FlagSpec, usage } from './command-line.ts'
import { parseDuration } from './duration.ts'

export const planFlags: Readonly<Record<string, FlagSpec>> = {
  fanout: { value: 'N', help: `hosts at once (default ${limits.fanoutDefault})` },
  batch: {
    value: 'N|P%',
    help: 'in batches of so many hosts, or such a share: one after the other has ended',
  },
  'max-failures': {
    value: 'N',
    help: 'start no further host once more than N have failed; the others go on',
  },
  timeout: { value: 'TIME', help: 'stop the run after so long (30s, 10m, 2h): exit status 124' },
  'task-timeout': { value: 'TIME', help: 'the same for each host, from when it has started' },
  order: { value: runOrders.join('|'), help: 'in which order hosts have their turn' },
}

/** The fields of a request that the flags name. Throws what is wrong in them. */
export function planFields(spec: CommandSpec, line: CommandLine): PlanRequest {
  const flags = new PlanLine(spec, line)
  const fields: PlanRequest = {
    fanout: flags.count('fanout', 1),
    batch: flags.batch(),
    maxFailures: flags.count('max-failures', 0),
    timeoutMs: flags.time('timeout'),
    taskTimeoutMs: flags.time('task-timeout'),
    order: flags.order(),
  }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

class PlanLine {
  readonly #spec: CommandSpec
  readonly #line: CommandLine

  constructor(spec: CommandSpec, line: CommandLine) {
    this.#spec = spec
    this.#line = line
  }

  count(flag: string, least: number): number | undefined {
    const text = this.#line.value(flag)
    if (text === undefined) return undefined
    const count = Number(text)
    const most = limits.tasksPerRunMax
    if (/^[0-9]{1,4}$/.test(text) && count >= least && count <= most) return count
    throw this.#wrong(flag, text, `a number from ${least} to ${most}`)
  }

  time(flag: string): number | undefined {
    const text = this.#line.value(flag)
    if (text === undefined) return undefined
    const ms = parseDuration(text)
    if (ms !== undefined) return ms
    throw this.#wrong(flag, text, 'a time such as 30s, 10m, 2h')
  }

  batch(): string | undefined {
    const text = this.#line.value('batch')
    if (text === undefined || batchPattern.test(text)) return text
    throw this.#wrong('batch', text, 'a number of hosts or a share of them, such as 5 or 20%')
  }

  order(): RunOrder | undefined {
    const text = this.#line.value('order')
    const order = runOrders.find((name) => name === text)
    if (text === undefined || order !== undefined) return order
    throw this.#wrong('order', text, '"given", "sorted" or "shuffled"')
  }

  #wrong(flag: string, text: string, right: string): Error {
    return usage(this.#spec, `--${flag}: "${text}" is not ${right}`)
  }
}
