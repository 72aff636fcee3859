/** How the state of a run or task looks: one of four tones, with an icon. The word stands beside it. */
import { type CountedRun, isStopped } from '../../../shared/counted-state.ts'
import type { ListedRun } from '../../../shared/listed-run.ts'
import { noteKind } from '../../../shared/note.ts'
import type { Run, Task, TaskState } from '../../../shared/run.ts'
import type { IconName } from '../../ui/icon.tsx'

export type Tone = 'ok' | 'warn' | 'err' | 'off'

export function runTone(run: Run | ListedRun): Tone {
  if (run.state !== 'ended') {
    if (run.paused !== null || waitsFor(run)) return 'warn'
    return run.state === 'running' ? 'ok' : 'off'
  }
  switch (run.outcome) {
    case 'succeeded':
      return 'ok'
    case 'failed':
    case 'lost':
      return 'err'
    case 'stopped':
    case null:
      return 'off'
  }
}

/** A host of it, or a person. */
function waitsFor(run: Run | ListedRun): boolean {
  if ('tasks' in run) return run.tasks.some((task) => taskTone(task, run) === 'warn')
  const { counts, away } = run
  return away > 0 || counts['needs-input'] !== undefined || counts.reconnecting !== undefined
}

export function taskTone(
  task: Pick<Task, 'state' | 'exitCode' | 'signal' | 'awaySince'>,
  run: CountedRun,
): Tone {
  if (isStopped(task, run)) return 'off'
  // Also one that is to be stopped.
  if (task.state === 'stopping' && task.awaySince !== null) return 'warn'
  return task.state === 'ended' && task.exitCode === 0 ? 'ok' : stateTones[task.state]
}

const stateTones: Readonly<Record<TaskState, Tone>> = {
  queued: 'off',
  connecting: 'off',
  'needs-input': 'warn',
  running: 'ok',
  reconnecting: 'warn',
  stopping: 'off',
  ended: 'err',
  failed: 'err',
  lost: 'err',
}

/** Icon of a note by its first word; one that is not known gets the general one. */
export function noteIcon(text: string): { readonly icon: IconName; readonly tone: Tone } {
  const word = noteKind(text)
  // What has no exit code, as a file that was followed.
  if (word === 'ended') return noteIcons.succeeded
  if (word === 'exited') {
    return text.startsWith('exited 0') ? noteIcons.succeeded : noteIcons.failed
  }
  if (word === 'stopped' && !/^stopped: \d+ process(?:es)? gone/.test(text))
    return noteIcons.doubtful
  return Object.hasOwn(noteIcons, word) ? noteIcons[word as NoteWord] : noteIcons.other
}

type NoteWord = keyof typeof noteIcons

const noteIcons = {
  connected: { icon: 'plug', tone: 'off' },
  disconnected: { icon: 'unplug', tone: 'warn' },
  reconnected: { icon: 'refresh', tone: 'ok' },
  resumed: { icon: 'refresh', tone: 'off' },
  plain: { icon: 'warn', tone: 'warn' },
  waiting: { icon: 'clock', tone: 'off' },
  held: { icon: 'clock', tone: 'warn' },
  background: { icon: 'hosts', tone: 'off' },
  succeeded: { icon: 'check', tone: 'ok' },
  failed: { icon: 'close', tone: 'err' },
  lost: { icon: 'warn', tone: 'err' },
  gap: { icon: 'gap', tone: 'warn' },
  stopped: { icon: 'stopped', tone: 'off' },
  doubtful: { icon: 'warn', tone: 'warn' },
  other: { icon: 'note', tone: 'off' },
} as const satisfies Record<string, { icon: IconName; tone: Tone }>
