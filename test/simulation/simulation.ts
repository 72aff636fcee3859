/** One simulation: everything that happens to a Farglass, its hosts and its viewers follows from one seed. */
import { toAppError } from '../../src/shared/errors.ts'
import type { RunId } from '../../src/shared/run.ts'
import { type SeededRandom, seededRandom } from '../support/seeded-random.ts'
import { setSmallLimits } from '../support/small-limits.ts'
import { noBug, type PlantedBug } from './planted-bugs.ts'
import { type CommandPlan, planCommand } from './simulated-command.ts'
import { type DiskFaults, SimulatedDisk } from './simulated-disk.ts'
import { SimulatedHost } from './simulated-host.ts'
import { SimulatedServer } from './simulated-server.ts'
import { SimulatedTime } from './simulated-time.ts'
import { SimulatedViewer } from './simulated-viewer.ts'
import { Watch } from './watch.ts'

export interface SimulationReport {
  readonly seed: number
  /** The first thing that must never be, if there was one. */
  readonly failure: string | undefined
  readonly steps: number
  /** Virtual. */
  readonly endsAtMs: number
  readonly counts: SimulationCounts
  /** What has happened last. */
  readonly history: readonly string[]
}

export interface SimulationCounts {
  readonly runs: number
  readonly tasks: number
  readonly starts: number
  /** Tasks whose output was sent at their end. */
  readonly wholes: number
  readonly storedRows: number
  readonly shownLines: number
  readonly crashes: number
  readonly freezes: number
  readonly stops: number
  readonly viewers: number
  readonly viewerCuts: number
  readonly refusals: number
  readonly notes: Readonly<Record<string, number>>
}

/** The same seed gives the same report, to the last count. */
export async function simulate(seed: number, bug: PlantedBug = noBug): Promise<SimulationReport> {
  const random = seededRandom(seed)
  const putRight = [bug.plant?.(random), random.next() < 0.6 ? setSmallLimits() : undefined]
  try {
    return await new Simulation(seed, random, bug).run()
  } finally {
    for (const undo of putRight) undo?.()
  }
}

/** Faults come until then; what began before must then come right by itself. */
const faultsEndMs = 60_000
/** Nothing may take this long once the faults are over. */
const patienceMs = 600_000

interface StartedRun {
  readonly id: RunId
  /** Wishes that it stops; after a second one it may be given up. */
  stops: number
}

class Simulation {
  readonly #seed: number
  readonly #time: SimulatedTime
  readonly #bug: PlantedBug
  readonly #watch: Watch
  readonly #disk: SimulatedDisk
  readonly #hosts = new Map<string, SimulatedHost>()
  readonly #viewers: SimulatedViewer[] = []
  readonly #runs: StartedRun[] = []
  readonly #plans = new Map<string, CommandPlan>()
  readonly #servers = new Map<string, SimulatedServer>()
  #server: SimulatedServer | undefined
  /** Runs that a person still wants to start. */
  #wanted: number
  #names = 0
  #crashes = 0
  #freezes = 0

  constructor(seed: number, random: SeededRandom, bug: PlantedBug) {
    this.#seed = seed
    this.#time = new SimulatedTime(random)
    this.#bug = bug
    this.#watch = new Watch(
      (name, host) => this.#hosts.get(host)?.spools.get(name),
      () => this.#time.now,
    )
    this.#disk = new SimulatedDisk(this.#time, faultsOf(this.#time), this.#watch)
    this.#wanted = random.between(1, 3)
    for (let at = 0; at < random.between(1, 3); at++) this.#addHost(`host-${at}`)
    this.#startServer()
    for (let at = 0; at < this.#wanted; at++) this.#planRun(at)
    this.#planFaults()
  }

  async run(): Promise<SimulationReport> {
    let steps = 0
    while (!this.#isOver() && this.#watch.failure === undefined) {
      if (!(await this.#time.step())) break
      steps += 1
    }
    if (this.#watch.failure === undefined) await this.#lastLook()
    return {
      seed: this.#seed,
      failure: this.#watch.failure,
      steps,
      endsAtMs: Math.round(this.#time.now),
      counts: this.#counts(),
      history: this.#watch.history,
    }
  }

  #isOver(): boolean {
    if (this.#time.now > faultsEndMs + patienceMs) return true
    return (
      this.#wanted === 0 && this.#viewers.length > 0 && this.#viewers.every(({ isDone }) => isDone)
    )
  }

  async #lastLook(): Promise<void> {
    for (const { id, stops } of this.#runs) {
      const run = await this.#disk.durable.catalog.get(id)
      if (run !== undefined) this.#watch.finished(run, stops > 1)
    }
    for (const { isDone, run } of this.#viewers) {
      if (!isDone) this.#watch.fail(`a viewer of ${run} waits for ever`)
    }
    if (this.#wanted > 0) this.#watch.fail('a run could not be started')
  }

  #addHost(name: string): void {
    const planOf = (host: string, command: string) => {
      const key = `${host} ${command}`
      const plan = this.#plans.get(key) ?? planCommand(this.#time.random, key)
      this.#plans.set(key, plan)
      return plan
    }
    const fail = (what: string) => this.#watch.fail(what)
    const host = new SimulatedHost(name, {
      time: this.#time,
      planOf,
      bugs: this.#bug.hosts ?? {},
      fail,
    })
    this.#hosts.set(name, host)
  }

  #startServer(): void {
    const server = new SimulatedServer(this.#newName('p', 8), {
      time: this.#time,
      disk: this.#disk,
      hosts: this.#hosts,
      watch: this.#watch,
      bug: this.#bug,
      // A process that only stands still is taken for dead.
      isAlive: (owner) =>
        this.#servers.get(owner)?.process.isAlive === true && owner === this.#server?.process.name,
      newName: (letter, length) => this.#newName(letter, length),
    })
    this.#servers.set(server.process.name, server)
    this.#server = server
    this.#watch.tell(`${server.process.name} is started`)
    void server.start()
  }

  #newName(letter: string, length: number): string {
    this.#names += 1
    return letter + String(this.#names).padStart(length - 1, '0')
  }

  /** A person asks until the answer comes, with one key, so that there is one run. */
  #planRun(number: number): void {
    const { random } = this.#time
    const targets = [...this.#hosts.keys()].filter(() => random.next() < 0.7)
    const target = targets.length === 0 ? 'host-0' : targets.join(',')
    const request = {
      target,
      source: { kind: 'command', command: `job ${number}` },
      merged: false,
      mode: 'durable',
    } as const
    const key = { key: `key ${number}`, digest: 'same' }
    let isAnswered = false
    const ask = () => {
      if (isAnswered) return
      this.#time.after(this.#time.between(400, 1_500), ask)
      this.#ask(async ({ service }) => {
        const run = await service.start({ request, key })
        if (isAnswered) return
        isAnswered = true
        this.#wanted -= 1
        this.#started(run.id)
      })
    }
    this.#time.after(this.#time.between(0, random.pick([50, 20_000])), ask)
  }

  #started(id: RunId): void {
    const run: StartedRun = { id, stops: 0 }
    this.#runs.push(run)
    const { random } = this.#time
    for (let at = 0; at < random.between(1, 3); at++) {
      this.#time.after(this.#time.between(0, random.pick([10, 5_000, 60_000])), () =>
        this.#view(id),
      )
    }
    // Somebody is there at the beginning, so that there is one for each run.
    this.#view(id)
    const stops = random.pick([0, 0, 0, 1, 2] as const)
    for (let at = 0; at < stops; at++) {
      this.#time.after(this.#time.between(0, random.pick([300, 20_000])), () =>
        this.#ask(async ({ service }) => {
          // A process that went may have begun to stop it: then this is the second wish.
          run.stops += (await service.get(id)).state === 'stopping' ? 2 : 1
          this.#watch.tell(`stop ${id}`)
          await service.stop(id)
        }),
      )
    }
  }

  #view(run: RunId): void {
    const viewer = new SimulatedViewer({
      time: this.#time,
      watch: this.#watch,
      server: () => (this.#server?.process.isAlive === true ? this.#server : undefined),
      run,
      ...(this.#bug.resumeAt === undefined ? {} : { resumeAt: this.#bug.resumeAt }),
    })
    this.#viewers.push(viewer)
  }

  /** A request on its way to the server that is there when it arrives. */
  #ask(work: (server: SimulatedServer) => Promise<void>): void {
    this.#time.after(this.#time.between(1, 40), () => {
      const server = this.#server
      server?.process.happen(() => {
        work(server).catch((thrown) => {
          const { code } = toAppError(thrown)
          if (!passing.includes(code)) this.#watch.fail(`a request failed: ${String(thrown)}`)
        })
      })
    })
  }

  #planFaults(): void {
    const { random } = this.#time
    const fault = random.pick([4, 10, 25] as const)
    for (let at = 0; at < fault; at++) {
      const ms = this.#time.between(0, random.pick([4_000, 30_000, faultsEndMs]))
      this.#time.after(ms, () => this.#fault())
    }
    // Whoever looks after the machine starts the server again.
    const look = () => {
      if (this.#server?.process.isDead === true) this.#startServer()
      this.#time.after(this.#time.between(50, 3_000), look)
    }
    look()
  }

  #fault(): void {
    const { random } = this.#time
    const server = this.#server
    const host = random.pick([...this.#hosts.values()] as [SimulatedHost, ...SimulatedHost[]])
    const viewer = this.#viewers[random.between(0, Math.max(0, this.#viewers.length - 1))]
    const [name, work] = random.pick<readonly [string, () => void]>([
      [`${host.name}: sessions break`, () => host.cut(0.7)],
      [`${host.name}: every session breaks`, () => host.cut(1)],
      [
        `${host.name} is away`,
        () => host.goDown(random.pick([300, 4_000, 20_000, 45_000] as const)),
      ],
      ['the server crashes', () => this.#crash(server)],
      ['the server crashes', () => this.#crash(server)],
      ['the server is told to end', () => this.#shutDown(server)],
      ['the server stands still', () => this.#freeze(server)],
      ['the disk is full', () => this.#fillDisk()],
      ['a viewer is cut', () => viewer?.cut()],
      ['a viewer is cut', () => viewer?.cut()],
      [`${host.name}: output is emptied while it is away`, () => this.#emptyOutput(host)],
    ])
    this.#watch.tell(name)
    work()
  }

  #emptyOutput(host: SimulatedHost): void {
    const { random } = this.#time
    host.cut(1)
    const spool = random.pick([undefined, ...host.spools.values()] as const)
    if (spool !== undefined) this.#watch.emptyFile(spool, random.pick(['out', 'err']))
  }

  #crash(server: SimulatedServer | undefined): void {
    if (server === undefined || server.process.isDead) return
    this.#crashes += 1
    void server.crash()
  }

  #shutDown(server: SimulatedServer | undefined): void {
    if (server?.process.isAlive === true) void server.shutDown()
  }

  /** Another one takes over meanwhile; what the old one still does must come to nothing. */
  #freeze(server: SimulatedServer | undefined): void {
    if (server?.process.isAlive !== true || !server.isReady) return
    this.#freezes += 1
    server.freeze(this.#time.between(500, 8_000))
    this.#startServer()
  }

  #fillDisk(): void {
    this.#disk.isFull = true
    this.#time.after(this.#time.between(100, 8_000), () => {
      this.#disk.isFull = false
    })
  }

  #counts(): SimulationCounts {
    const spools = [...this.#hosts.values()].flatMap((host) => [...host.spools.values()])
    return {
      runs: this.#runs.length,
      tasks: this.#watch.tasks,
      starts: spools.reduce((sum, { starts }) => sum + starts, 0),
      wholes: spools.reduce((sum, { wholes }) => sum + wholes, 0),
      storedRows: this.#watch.storedLines,
      shownLines: this.#watch.shownLines,
      crashes: this.#crashes,
      freezes: this.#freezes,
      stops: this.#runs.reduce((sum, { stops }) => sum + stops, 0),
      viewers: this.#viewers.length,
      viewerCuts: this.#viewers.reduce((sum, { cuts }) => sum + cuts, 0),
      refusals: this.#disk.refusals,
      notes: Object.fromEntries(this.#watch.noteKinds),
    }
  }
}

/** What a request may be answered in bad times; it is asked again. */
const passing: readonly string[] = [
  'disk-full',
  'store-busy',
  'store-failed',
  'shutting-down',
  'conflict',
]

function faultsOf(time: SimulatedTime): DiskFaults {
  const some = (chance: number) => (time.chance(0.5) ? 0 : chance)
  return { busy: some(0.02), lostAnswer: some(0.05), readFailure: some(0.02), slow: some(0.05) }
}
