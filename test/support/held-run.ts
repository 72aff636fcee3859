/** Runs one command in a mode on a host, and keeps what its events said. */

import { execFileSync } from 'node:child_process'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { randomName } from '../../src/adapters/system/ids.ts'
import type { RemoteHost } from '../../src/core/remote/remote-host.ts'
import type { RunMode, RunningSource, SourceEvent } from '../../src/core/runs/modes/run-mode.ts'
import type { AppError } from '../../src/shared/errors.ts'
import type { Secret } from '../../src/shared/secret.ts'
import { until } from './until.ts'

export interface HeldRun extends RunningSource {
  /** What has come so far. */
  readonly said: Said
  /** All events have come. */
  readonly done: Promise<Said>
  /** Resolves with the group's number once the command has started. */
  started(): Promise<number>
  /** Resolves once the text has come on either channel. */
  shows(text: string): Promise<void>
}

export interface Said {
  /** Kinds in order, runs of `bytes` as one. */
  kinds: SourceEvent['kind'][]
  pid: number
  out: string
  err: string
  code: number | null
  error: AppError | null
  notes: string[]
}

export interface HeldRunOptions {
  readonly host: RemoteHost
  readonly mode: (command: string) => RunMode
  readonly command: string
  readonly merged?: boolean
  readonly variables?: ReadonlyMap<string, Secret>
}

export async function startRun(options: HeldRunOptions): Promise<HeldRun> {
  const { host, mode, command, merged = false, variables } = options
  const held = {
    name: randomName(20),
    merged,
    nonce: randomName(16),
    clock: systemClock,
    ...(variables === undefined ? {} : { variables }),
  }
  const run = await mode(command).start(host, held)
  const { said, done } = collectSaid(run.events)
  return {
    events: run.events,
    said,
    done,
    stop: (graceMs) => run.stop(graceMs),
    [Symbol.asyncDispose]: () => run[Symbol.asyncDispose](),
    started: () => until('the command starts', () => said.pid > 0 && said.pid),
    async shows(text) {
      await until(`"${text}" is shown`, () => `${said.out}${said.err}`.includes(text))
    },
  }
}

/** Runs it to its end. Bytes are one character each (latin1) in `out` and `err`. */
export async function runToEnd(options: HeldRunOptions): Promise<Said> {
  return (await startRun(options)).done
}

/** Live processes of a group, zombies not counted: pid and argv. */
export function membersOf(group: number): string[] {
  const all = execFileSync('ps', ['-A', '-o', 'pgid=,stat=,pid=,args='], { encoding: 'utf8' })
  return all
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([pgid, state]) => Number(pgid) === group && state?.startsWith('Z') === false)
    .map((words) => words.slice(2).join(' '))
}

/** What the events say, as they come and at their end. */
export function collectSaid(events: AsyncIterable<SourceEvent>): {
  said: Said
  done: Promise<Said>
} {
  const said: Said = { kinds: [], pid: 0, out: '', err: '', code: null, error: null, notes: [] }
  return { said, done: collect(events, said) }
}

async function collect(events: AsyncIterable<SourceEvent>, said: Said): Promise<Said> {
  for await (const event of events) {
    if (event.kind !== said.kinds.at(-1)) said.kinds.push(event.kind)
    if (event.kind === 'started') said.pid = event.pid
    if (event.kind === 'bytes') said[event.channel] += Buffer.from(event.bytes).toString('latin1')
    if (event.kind === 'note') said.notes.push(event.text)
    if (event.kind === 'exited') said.code = event.code
    if (event.kind === 'failed' || event.kind === 'lost') said.error = event.error
  }
  return said
}
