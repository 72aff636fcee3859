/** Forty hosts that have printed nearly the same, for pictures of grouped output. */
import type { WireLine } from '../../src/shared/protocol/events.ts'
import type { GroupedRun } from '../../src/shared/protocol/groups.ts'
import type { Run } from '../../src/shared/run.ts'
import { fakeRun, fakeTask } from './fake-data.ts'

export interface FakeGroups {
  /** The run that has printed this. */
  readonly run: string
  readonly grouped: Omit<GroupedRun, 'run'>
  linesOf(task: number): readonly WireLine[]
}

const esc = '\u001b'
const bold = (text: string): string => `${esc}[1m${text}${esc}[0m`

const disks: readonly string[] = [
  bold('Filesystem      Size  Used Avail Use% Mounted on'),
  'udev            3.9G     0  3.9G   0% /dev',
  'tmpfs           796M  1.2M  795M   1% /run',
  '/dev/nvme0n1p1   40G   12G   27G  31% /',
  'tmpfs           3.9G     0  3.9G   0% /dev/shm',
  'tmpfs           5.0M     0  5.0M   0% /run/lock',
  '/dev/nvme0n1p15 105M  6.1M   99M   6% /boot/efi',
  '/dev/nvme1n1    200G   88G  113G  44% /srv',
  'tmpfs           796M     0  796M   0% /run/user/1000',
  bold('Load'),
  ' 09:41:08 up 41 days,  2:12,  0 users,  load average: 0.31, 0.28, 0.24',
  'ok',
]
const fullDisk = disks.map((line) =>
  line.startsWith('/dev/nvme1n1')
    ? '/dev/nvme1n1    200G  199G  1.1G 100% /srv'
    : line.startsWith(' 09:41')
      ? ' 09:41:08 up 2 days,  7:40,  1 user,  load average: 14.02, 11.90, 7.31'
      : line,
)
const failure = ['df: /srv: Stale file handle', 'check-disks: 1 file system cannot be read']

const count = 41
const odd = 6
const failed = [38, 39]
const behind = [40]

function outputOf(task: number): readonly (readonly ['out' | 'err', string])[] {
  const out = (lines: readonly string[]) => lines.map((line) => ['out', line] as const)
  if (task === odd) return out(fullDisk)
  if (behind.includes(task)) return out(disks.slice(0, 9))
  if (failed.includes(task)) {
    return [...out(disks.slice(0, 7)), ...failure.map((line) => ['err', line] as const)]
  }
  return out(disks)
}

const ended = (exitCode: number) => ({ state: 'ended', exitCode, signal: null }) as const
const most = Array.from({ length: count }, (_, task) => task).filter(
  (task) => task !== odd && !failed.includes(task) && !behind.includes(task),
)

export const fakeGroups: FakeGroups = {
  run: `r${'grouped'.padEnd(25, '0')}`,
  grouped: {
    from: 0,
    next: 500,
    isFinal: false,
    groups: [
      {
        tasks: [odd],
        ended: ended(0),
        lines: { out: 12, err: 0 },
        common: { out: 7, err: 0 },
        relation: 'differs',
      },
      {
        tasks: failed,
        ended: ended(1),
        lines: { out: 7, err: 2 },
        common: { out: 7, err: 0 },
        relation: 'differs',
      },
      {
        tasks: behind,
        ended: null,
        lines: { out: 9, err: 0 },
        common: { out: 9, err: 0 },
        relation: 'so-far',
      },
      {
        tasks: most,
        ended: ended(0),
        lines: { out: 12, err: 0 },
        common: { out: 12, err: 0 },
        relation: 'reference',
      },
    ],
    tooLong: [],
  },
  linesOf: (task) =>
    outputOf(task).map(([channel, text], at) => {
      const time = '2026-11-20T09:41:08.000Z'
      return { pos: task * 12 + at, task, channel, time, text }
    }),
}

export function fakeGroupedRun(): Run {
  const hosts = Array.from({ length: count }, (_, at) =>
    at < 38 ? `web-${String(at + 1).padStart(2, '0')}` : `db-0${at - 37}`,
  )
  const tasks = hosts.map((host, task) => {
    const exitCode = failed.includes(task) ? 1 : 0
    const isRunning = behind.includes(task)
    return {
      ...fakeTask(host),
      id: task,
      ...(isRunning ? {} : { state: 'ended' as const, exitCode }),
    }
  })
  const source = { kind: 'command', command: 'check-disks' } as const
  return fakeRun(fakeGroups.run, { target: hosts.join(','), source, tasks, lines: 490, next: 500 })
}
