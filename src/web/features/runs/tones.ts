/** How the state of a run or task looks: one of four tones, with an icon. The word stands beside it. */
import { noteKind } from '../../../shared/note.ts'
import type { Run, Task } from '../../../shared/run.ts'
import type { IconName } from '../../ui/icon.tsx'

export type Tone = 'ok' | 'warn' | 'err' | 'off'

export function runTone(run: Run): Tone {
  if (run.state !== 'ended') {
    if (run.paused !== null) return 'warn'
    if (run.tasks.some(({ state }) => state === 'needs-input' || state === 'reconnecting')) {
      return 'warn'
    }
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

/** Ended by the signal of a stop that a person asked for: no failure. */
export function isStopped(task: Task, run: Run): boolean {
  return run.outcome === 'stopped' && task.state === 'ended' && task.signal !== null
}

export function taskTone(task: Task, run: Run): Tone {
  if (isStopped(task, run)) return 'off'
  switch (task.state) {
    case 'running':
      return 'ok'
    case 'needs-input':
    case 'reconnecting':
      return 'warn'
    case 'failed':
    case 'lost':
      return 'err'
    case 'ended':
      return task.exitCode === 0 ? 'ok' : 'err'
    case 'queued':
    case 'connecting':
    case 'stopping':
      return 'off'
  }
}

/** Icon of a note by its first word; one that is not known gets the general one. */
export function noteIcon(text: string): { readonly icon: IconName; readonly tone: Tone } {
  const word = noteKind(text)
  if (word === 'exited') {
    return text.startsWith('exited 0') ? noteIcons.succeeded : noteIcons.failed
  }
  return Object.hasOwn(noteIcons, word) ? noteIcons[word as NoteWord] : noteIcons.other
}

type NoteWord = keyof typeof noteIcons

const noteIcons = {
  connected: { icon: 'plug', tone: 'off' },
  reconnected: { icon: 'refresh', tone: 'off' },
  succeeded: { icon: 'check', tone: 'ok' },
  failed: { icon: 'close', tone: 'err' },
  lost: { icon: 'warn', tone: 'err' },
  gap: { icon: 'warn', tone: 'err' },
  stopped: { icon: 'stopped', tone: 'off' },
  other: { icon: 'note', tone: 'off' },
} as const satisfies Record<string, { icon: IconName; tone: Tone }>
