/** A control group with a limit of memory, for one process and all that it starts. Root only. */
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from './until.ts'

export interface MemoryCap extends AsyncDisposable {
  /** Words that put a program into the group and become it. */
  readonly words: readonly string[]
  /** How often the kernel has ended a process for its sake. */
  kills(): number
}

export const canCapMemory: boolean = process.getuid?.() === 0

/** Works with both versions of control groups. */
export function makeMemoryCap(bytes: number): MemoryCap {
  const isOld = existsSync('/sys/fs/cgroup/memory')
  const root = isOld ? '/sys/fs/cgroup/memory' : '/sys/fs/cgroup'
  const group = join(root, `fgt-${process.pid}-${Math.round(performance.now())}`)
  mkdirSync(group)
  const limit = isOld ? 'memory.limit_in_bytes' : 'memory.max'
  writeFileSync(join(group, limit), String(bytes))
  const events = join(group, isOld ? 'memory.oom_control' : 'memory.events')
  const members = join(group, 'cgroup.procs')
  return {
    words: ['sh', '-c', `echo $$ > ${members}; exec "$@"`, 'sh'],
    kills: () => Number(/^oom_kill (\d+)/m.exec(readFileSync(events, 'utf8'))?.[1]),
    async [Symbol.asyncDispose]() {
      await until('nobody is in the group', () => readFileSync(members, 'utf8').trim() === '')
      rmdirSync(group)
    },
  }
}
