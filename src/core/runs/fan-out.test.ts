import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isFinal } from '../../shared/run.ts'
import { planOf, type RunPlan } from '../../shared/run-plan.ts'
import { isoTime } from '../../shared/time.ts'
import { hasFailed, isHeldBack, nextStep, type PlannedTask } from './fan-out.ts'

const madeAt = 1_000_000

/** A run that is worked on in thought: each choice lets something happen to one of its tasks. */
class Rehearsal {
  readonly plan: RunPlan
  tasks: PlannedTask[]
  now = madeAt
  isStopped = false
  /** In the order of their starts. */
  readonly started: number[] = []
  readonly #check: (rehearsal: Rehearsal) => void

  constructor(plan: RunPlan, hosts: number, check: (rehearsal: Rehearsal) => void) {
    this.plan = plan
    this.#check = check
    this.tasks = Array.from({ length: hosts }, (_, id) => ({ ...fresh, id }))
  }

  get active(): readonly PlannedTask[] {
    return this.tasks.filter(({ isBegun, state }) => isBegun && !isFinal(state))
  }

  get failures(): number {
    return this.tasks.filter((task) => task.isBegun && hasFailed(task)).length
  }

  step() {
    const { plan, tasks, now, isStopped } = this
    const step = nextStep({ plan, tasks, madeAt, now, isStopped })
    const before = this.failures
    for (const id of step.never) this.#set(id, { state: 'failed', code: 'too-many-failures' })
    for (const id of step.start) {
      if (before > (plan.maxFailures ?? before)) throw new Error(`${id} is started too late`)
      this.#set(id, { state: 'connecting', isBegun: true })
      this.started.push(id)
    }
    for (const { task } of step.overdue) this.#set(task, { state: 'ended', code: 'timed-out' })
    this.#check(this)
    return step
  }

  /** Something happens to a task that is under way. */
  advance(choice: number): void {
    const task = this.active[choice % Math.max(1, this.active.length)]
    if (task === undefined) return
    const kind = choice % 5
    if (task.startedAt === null && kind < 4) {
      this.#set(task.id, { state: 'running', startedAt: isoTime(this.now) })
    } else if (kind === 0) this.#set(task.id, { state: 'ended', exitCode: 0 })
    else if (kind === 1) this.#set(task.id, { state: 'ended', exitCode: 3 })
    else if (kind === 2) this.#set(task.id, { state: 'lost' })
    else if (kind === 3) this.#set(task.id, { state: 'reconnecting' })
    else this.#set(task.id, { state: 'failed' })
  }

  /** Another process goes on with what is stored: whether a task has begun shows in its state. */
  takeOver(): void {
    this.tasks = this.tasks.map((task) => ({ ...task, isBegun: !isHeldBack(this, task) }))
  }

  #set(id: number, change: Partial<PlannedTask>): void {
    this.tasks = this.tasks.map((task) => (task.id === id ? { ...task, ...change } : task))
  }
}

const fresh: Omit<PlannedTask, 'id'> = {
  state: 'queued',
  exitCode: null,
  code: null,
  startedAt: null,
  isBegun: false,
}

const plans = fc.record({
  fanout: fc.integer({ min: 1, max: 6 }),
  batch: fc.option(fc.integer({ min: 1, max: 6 })),
  maxFailures: fc.option(fc.integer({ min: 0, max: 4 })),
  taskTimeoutMs: fc.option(fc.integer({ min: 1, max: 50 })),
  timeoutMs: fc.option(fc.integer({ min: 1, max: 300 })),
  order: fc.constant('given' as const),
})

describe('nextStep', () => {
  test('whatever happens, and whoever takes the run over: never more than the fan-out at once, one batch after the other, in order, none after the bound of failures, and every task gets an end', () => {
    fc.assert(
      fc.property(
        plans,
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.nat(1_000), { maxLength: 60 }),
        (plan, hosts, choices) => {
          const rehearsal = new Rehearsal(plan, hosts, ({ active, started }) => {
            expect(active.length).toBeLessThanOrEqual(plan.fanout)
            const batches = new Set(active.map(({ id }) => Math.floor(id / (plan.batch ?? hosts))))
            expect(batches.size).toBeLessThanOrEqual(1)
            expect(started).toEqual(started.toSorted((a, b) => a - b))
          })
          rehearsal.step()
          for (const choice of choices) {
            rehearsal.now += choice % 7
            rehearsal.advance(choice)
            if (choice % 11 === 0) rehearsal.takeOver()
            rehearsal.step()
          }
          // From here on all that is started succeeds, each in two moves.
          for (let move = 0; rehearsal.tasks.some(({ state }) => !isFinal(state)); move++) {
            expect(move).toBeLessThan(4 * hosts)
            rehearsal.advance(0)
            rehearsal.step()
          }
        },
      ),
    )
  })

  test('a task that has its time behind it is stopped, and the run looks again when the next one has', () => {
    const plan = planOf({ taskTimeoutMs: 100, timeoutMs: 1_000 }, { kind: 'command' }, 3)
    const rehearsal = new Rehearsal(plan, 3, () => undefined)
    expect(rehearsal.step()).toMatchObject({ start: [0, 1, 2], wakeAt: madeAt + 1_000 })
    rehearsal.advance(0)
    expect(rehearsal.step().wakeAt).toBe(madeAt + 100)
    rehearsal.now += 100
    expect(rehearsal.step().overdue).toEqual([{ task: 0, of: 'task' }])
    rehearsal.now = madeAt + 1_000
    expect(rehearsal.step()).toMatchObject({
      overdue: [
        { task: 1, of: 'run' },
        { task: 2, of: 'run' },
      ],
      wakeAt: null,
    })
  })

  test('a stop keeps what waits from being started; what runs is ended by who has stopped it', () => {
    const plan = planOf({ fanout: 1 }, { kind: 'command' }, 3)
    const rehearsal = new Rehearsal(plan, 3, () => undefined)
    rehearsal.step()
    rehearsal.isStopped = true
    expect(rehearsal.step()).toMatchObject({ start: [], never: [1, 2], why: 'stopped' })
  })
})
