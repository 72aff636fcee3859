/** The spool of one durable task on a host: start lock, output files, end, and who follows them. */
import { posixSum } from '../../src/core/remote/posix-sum.ts'
import type { SourceChannel } from '../../src/shared/channel.ts'
import { limits } from '../../src/shared/limits.ts'
import type { HostScript } from './host-script.ts'
import type { CommandPlan } from './simulated-command.ts'
import type { SimulatedHost, SimulatedSession } from './simulated-host.ts'

type DurableScript = Extract<HostScript, { kind: 'durable' }>
type RemoveScript = Extract<HostScript, { kind: 'remove' }>
type StopScript = Extract<HostScript, { kind: 'stop' }>

/** What a session has read of the files. */
interface Follower {
  readonly session: SimulatedSession
  readonly nonce: string
  readonly at: Record<SourceChannel, number>
  /** It has started the command, and was not told yet to follow it: all is sent at the end. */
  isWaiting: boolean
  /** Sizes that were read too early, where that bug is planted. */
  sizes: Record<SourceChannel, number> | null
  hasToldEnd: boolean
}

/** A session that waits for the command to show itself. */
interface Waiting {
  readonly script: DurableScript
  readonly session: SimulatedSession
  /** It is the one that has started it. */
  readonly starts: boolean
  /** When it gives up, by the clock of the simulation. */
  readonly latest: number
}

export class SimulatedSpool {
  readonly name: string
  readonly #host: SimulatedHost
  #state: 'missing' | 'never' | 'begun' | 'removed' = 'missing'
  /** The number of the group is there: the command runs, or has run. */
  #isShown = false
  plan: CommandPlan | null = null
  /** How often the command was started. */
  starts = 0
  /** How often all of its output was sent at its end, as it ended before it was to be followed. */
  wholes = 0
  readonly files: Record<SourceChannel, Uint8Array> = { out: empty, err: empty }
  /** Exit code, once it has ended. */
  exit: number | null = null
  #isProvenGone = false
  readonly #followers = new Set<Follower>()
  /** What the command will still do. */
  #cancels: (() => void)[] = []

  constructor(name: string, host: SimulatedHost) {
    this.name = name
    this.#host = host
  }

  get isRemoved(): boolean {
    return this.#state === 'removed'
  }

  /** A session reads on, and starts the command if it brings one and nobody has. */
  attach(script: DurableScript, session: SimulatedSession): void {
    const { bugs } = this.#host.parts
    // Where nothing is left of it, nothing tells a late start that it comes a second time.
    const isFree = this.#state === 'missing' || this.#state === 'removed'
    const startsAgain = bugs.startsAgain === true && this.#state === 'begun'
    const starts = script.command !== null && (isFree || startsAgain)
    if (starts) this.#begin(script.command)
    if (this.#state === 'missing') this.#state = 'never'
    if (this.#state !== 'begun') return this.#refuse(script, session)
    const latest = this.#host.parts.time.now + limits.startAnswerMs
    this.#awaitStart({ script, session, starts, latest })
  }

  /** TERM, KILL after a while, and the proof. What was not started never will be. */
  stop(script: StopScript, session: SimulatedSession): void {
    const { nonce, graceMs } = script
    const { time } = this.#host.parts
    if (this.#state === 'missing') this.#state = 'never'
    if (this.#state === 'begun' && !this.#isShown) {
      time.after(20, () => this.stop(script, session))
      return
    }
    const proof = (killed: 0 | 1) => {
      this.#isProvenGone = true
      session.write('out', mark(nonce, `gone ${this.#isShown ? 1 : 0} ${killed}`))
      session.finish()
    }
    if (!this.#isShown || this.exit !== null) return proof(0)
    const termMs = this.plan?.termMs ?? null
    const isKilled = termMs === null || termMs > graceMs
    time.after(isKilled ? graceMs : termMs, () => {
      this.#end(isKilled ? 137 : 143)
      time.after(time.between(1, 150), () => proof(isKilled ? 1 : 0))
    })
  }

  /** What is kept of a task that has ended may go. */
  remove({ nonce, isShut }: RemoveScript, session: SimulatedSession): void {
    if (this.exit !== null) this.#state = isShut ? 'never' : 'removed'
    session.write('out', mark(nonce, 'gone 0 0'))
    session.finish()
  }

  #begin(command: string): void {
    const { time, planOf, fail } = this.#host.parts
    this.#state = 'begun'
    this.starts += 1
    if (this.starts > 1) fail(`${this.name} was started ${this.starts} times`)
    const plan = planOf(this.#host.name, command)
    this.plan = plan
    time.after(time.between(1, time.random.pick([10, 400])), () => {
      if (this.#isProvenGone) fail(`${this.name} runs, and was proven to be gone before`)
      this.#isShown = true
      for (const { atMs, channel, bytes } of plan.writes) {
        this.#cancels.push(time.after(atMs, () => this.#write(channel, bytes)))
      }
      this.#cancels.push(time.after(plan.endsAtMs, () => this.#end(plan.code)))
    })
  }

  #refuse({ nonce }: DurableScript, session: SimulatedSession): void {
    session.write('err', mark(nonce, this.#state === 'removed' ? 'gone' : 'never'))
    session.finish()
  }

  #awaitStart(waiting: Waiting): void {
    const { script, session, latest } = waiting
    const { time } = this.#host.parts
    if (session.isOver) return
    if (this.#isShown) return this.#follow(waiting)
    if (time.now >= latest) {
      session.write('err', mark(script.nonce, 'unknown'))
      session.finish()
      return
    }
    time.after(20, () => this.#awaitStart(waiting))
  }

  /** Somebody empties a file while nobody reads it; what the command writes now begins at its start. */
  empty(channel: SourceChannel): boolean {
    const isRead = Array.from(this.#followers).some(({ session }) => !session.isOver)
    if (this.#state !== 'begun' || this.exit !== null || isRead) return false
    this.files[channel] = empty
    return true
  }

  #follow({ script, session, starts }: Waiting): void {
    const { nonce, outBytes, errBytes, ends } = script
    const at = { out: outBytes, err: errBytes }
    const state = { isWaiting: starts, sizes: null, hasToldEnd: false }
    const follower: Follower = { session, nonce, at, ...state }
    this.#followers.add(follower)
    for (const [number, channel] of [
      [1, 'out'],
      [2, 'err'],
    ] as const) {
      const file = this.files[channel]
      if (file.length < at[channel]) {
        session.write('err', mark(nonce, `cut ${number} ${file.length}`))
        at[channel] = file.length
        continue
      }
      const end = ends[channel]
      if (end === undefined) continue
      const tail = file.subarray(at[channel] - end.bytes, at[channel])
      if (posixSum(tail) !== end.sum) session.write('err', mark(nonce, `changed ${number}`))
    }
    session.write('err', mark(nonce, 'pid 4711'))
    session.write('out', mark(nonce, 'begin'))
    session.onRoom = () => this.#serve(follower)
    session.onWord = (word) => this.#hear(follower, word)
    this.#serve(follower)
  }

  /** Each reader of a file goes its own way, and so does the one that looks for the end. */
  #serve(follower: Follower): void {
    const { session, at } = follower
    if (session.isOver) {
      this.#followers.delete(follower)
      return
    }
    if (follower.isWaiting && this.exit === null) return
    const { time, bugs } = this.#host.parts
    if (bugs.readsSizesFirst === true) follower.sizes ??= this.#sizes()
    for (const channel of ['out', 'err'] as const) {
      const file = this.files[channel]
      if (at[channel] >= file.length || !session.hasRoom) continue
      const end = Math.min(file.length, at[channel] + time.random.between(1, 150))
      session.write(channel, file.slice(at[channel], end))
      at[channel] = end
    }
    if (this.exit === null || follower.hasToldEnd) return
    const { out, err } = this.files
    if (follower.isWaiting && (at.out < out.length || at.err < err.length)) return
    follower.hasToldEnd = true
    time.after(time.between(0, 30), () => this.#tellEnd(follower))
  }

  #tellEnd({ session, nonce, sizes, isWaiting }: Follower): void {
    const { out, err } = sizes ?? this.#sizes()
    if (isWaiting) {
      this.wholes += 1
      session.write('out', mark(nonce, 'end'))
      session.write('err', mark(nonce, `whole ${this.exit ?? 0}`))
    } else session.write('err', mark(nonce, `exit ${this.exit ?? 0} ${out} ${err}`))
    if (this.#host.parts.bugs.removesEarly === true) this.#state = 'removed'
  }

  #sizes(): Record<SourceChannel, number> {
    return { out: this.files.out.length, err: this.files.err.length }
  }

  #hear(follower: Follower, word: string): void {
    const { session, nonce } = follower
    if (word === 'go' && this.exit === null && follower.isWaiting) {
      follower.isWaiting = false
      this.#serve(follower)
    }
    if (word !== 'done' && word !== 'done shut') return
    this.#state = word === 'done' ? 'removed' : 'never'
    session.write('err', mark(nonce, 'removed 1'))
    session.finish()
  }

  #write(channel: SourceChannel, bytes: Uint8Array): void {
    const old = this.files[channel]
    const file = new Uint8Array(old.length + bytes.length)
    file.set(old)
    file.set(bytes, old.length)
    this.files[channel] = file
    for (const follower of this.#followers) this.#serve(follower)
  }

  #end(code: number): void {
    if (this.exit !== null) return
    for (const cancel of this.#cancels.splice(0)) cancel()
    this.exit = code
    for (const follower of this.#followers) this.#serve(follower)
  }
}

const empty = new Uint8Array(0)
const encoder = new TextEncoder()

function mark(nonce: string, words: string): Uint8Array {
  return encoder.encode(`\u001e${nonce} ${words}\n`)
}
