/** The runs of the pictures: one in each state. */
import type { Run } from '../src/shared/run.ts'
import {
  fakeAwayRun,
  fakeEnd,
  fakeFleetRun,
  fakeNow,
  fakePaused,
  fakeRun,
  fakeStoppingRun,
  fakeTask,
  hostKeyQuestion,
  hosts,
  passwordQuestion,
} from '../test/support/fake-data.ts'
import { fakeGroupedRun } from '../test/support/fake-groups.ts'

/** A name, drawn out to the length of an id. */
export const id = (name: string): string => `r${name.padEnd(25, '0')}`

export function fakeRuns(): readonly Run[] {
  const short = { lines: 0, first: 0, next: 0 } as const
  const ended = (minutes: number) => new Date(fakeNow - minutes * 60_000).toISOString()
  return [
    fakeRun(id('live')),
    fakeAwayRun(id('away')),
    fakeGroupedRun(),
    fakeFleetRun(id('fleet')),
    fakeStoppingRun(id('stopping')),
    fakeRun(id('full'), { paused: fakePaused }),
    fakeRun(id('failed'), {
      ...short,
      target: 'web-09',
      source: { kind: 'command', command: 'tail -F /var/log/nginx/error.log' },
      state: 'ended',
      outcome: 'failed',
      createdAt: ended(24),
      endedAt: ended(23.9),
      tasks: [
        fakeTask('web-09', {
          state: 'failed',
          outBytes: 0,
          errBytes: 0,
          startedAt: null,
          code: 'connection-refused',
          message:
            'The host web-09 refused the connection on port 22. Check the port, and that sshd runs on the host.',
        }),
      ],
    }),
    fakeRun(id('ended'), {
      target: 'web-01',
      source: { kind: 'command', command: 'df -h --output=target,pcent' },
      state: 'ended',
      outcome: 'succeeded',
      pinned: true,
      createdAt: ended(29),
      endedAt: ended(28.97),
      tasks: [fakeTask('web-01', { state: 'ended', exitCode: 0 })],
    }),
    fakeRun(id('again'), {
      state: 'ended',
      outcome: 'failed',
      endedAt: ended(1),
      tasks: endedTasks(),
    }),
    ...asking(short),
    fakeRun(id('old'), {
      target: hosts.slice(0, 3).join(','),
      source: { kind: 'command', command: 'systemctl restart app-workers' },
      state: 'ended',
      outcome: 'stopped',
      createdAt: ended(60 * 24 * 3),
      endedAt: ended(60 * 24 * 3 - 2),
      removed: {
        at: ended(60),
        before: fakeEnd,
        lines: 1_284_903,
        rule: 'size',
        limit: 10 * 1024 ** 3,
      },
    }),
  ]
}

/** Two of them have failed. */
function endedTasks(): Run['tasks'] {
  return hosts.map((host, at) => fakeTask(host, { state: 'ended', exitCode: at % 4 === 3 ? 1 : 0 }))
}

function asking(short: Partial<Run>): Run[] {
  const task = (question: typeof hostKeyQuestion) =>
    fakeTask('web-04', {
      state: 'needs-input',
      outBytes: 0,
      errBytes: 0,
      startedAt: null,
      question,
    })
  return [
    fakeRun(id('key'), { ...short, target: 'web-04', tasks: [task(hostKeyQuestion)] }),
    fakeRun(id('password'), { ...short, target: 'web-04', tasks: [task(passwordQuestion)] }),
  ]
}
