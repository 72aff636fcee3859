import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AppError } from '../../shared/errors.ts'
import { isFinal } from '../../shared/run.ts'
import { newTask, nextTask, signalName, type TaskEvent } from './task-state.ts'

const time = '2026-01-01T00:00:00.000Z'
const error = new AppError('connection-lost', 'The connection to web-1 was lost.')
const events: readonly TaskEvent[] = [
  { kind: 'connecting' },
  {
    kind: 'asked',
    question: { kind: 'secret', id: 1, ask: 'password', prompt: '?', echo: false, refused: 0 },
  },
  { kind: 'answered' },
  { kind: 'started', time },
  { kind: 'disconnected', time },
  { kind: 'refused', error, time },
  { kind: 'resumed', isStopping: false },
  { kind: 'read', channel: 'out', bytes: 5 },
  { kind: 'exited', code: 143 },
  { kind: 'stopping' },
  { kind: 'finished', time },
  { kind: 'failed', error, time },
  { kind: 'lost', error, time },
]

describe('nextTask', () => {
  test('never leaves a final state, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events), { maxLength: 30 }), (sequence) => {
        let task = newTask(0, 'web-1')
        for (const event of sequence) {
          const after = nextTask(task, event)
          if (isFinal(task.state)) expect(after).toBe(task)
          task = after
        }
        if (isFinal(task.state)) expect(task.endedAt).toBe(time)
        if (task.question !== null) expect(task.state).toBe('needs-input')
        if (task.awaySince !== null) expect(task.startedAt).not.toBeNull()
        if (['running', 'ended', 'failed', 'lost'].includes(task.state)) {
          expect(task.awaySince).toBeNull()
        }
      }),
    )
  })

  test('goes from stopping to a final state only, also when the start is heard of later', () => {
    const stopping = nextTask(newTask(0, 'web-1'), { kind: 'stopping' })
    const started = nextTask(stopping, { kind: 'started', time })
    expect(started).toMatchObject({ state: 'stopping', startedAt: time })
    expect(nextTask(started, { kind: 'finished', time }).state).toBe('ended')
  })

  test('says what happened and what to do when a task fails', () => {
    const failed = nextTask(newTask(0, 'web-1'), { kind: 'failed', error, time })
    expect(failed).toMatchObject({ state: 'failed', code: 'connection-lost' })
    expect(failed.message).toMatch(/was lost\. Check the network/)
  })

  test('says since when its host is away, over every try and a wish to stop, until it is back', () => {
    const later = '2026-01-01T00:00:09.000Z'
    const running = nextTask(newTask(0, 'web-1'), { kind: 'started', time })
    const away = nextTask(running, { kind: 'disconnected', time })
    expect(away).toMatchObject({ state: 'reconnecting', awaySince: time, message: null })
    const refused = nextTask(away, { kind: 'refused', error, time: later })
    expect(refused).toMatchObject({ state: 'needs-input', awaySince: time, question: null })
    expect(refused.message).toMatch(/was lost\. Check the network/)
    const stopping = nextTask(refused, { kind: 'stopping' })
    expect(nextTask(stopping, { kind: 'disconnected', time: later })).toMatchObject({
      state: 'stopping',
      awaySince: time,
      message: null,
    })
    const back = nextTask(stopping, { kind: 'resumed', isStopping: true })
    expect(back).toMatchObject({ state: 'stopping', awaySince: null })
  })

  test('names the signal that a code over 128 stands for', () => {
    expect([0, 7, 143, 137, 255].map(signalName)).toEqual([null, null, 'TERM', 'KILL', null])
  })
})
