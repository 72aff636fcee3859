/** Prints the lines of a run: as they are for one host and file, `host │ text` for several, or as JSON. */
import type { FollowEvent } from '../../client/api.ts'
import type { Channel } from '../../shared/channel.ts'
import { displayText } from '../../shared/display.ts'
import type { LinesEvent, WireGroup } from '../../shared/protocol/events.ts'
import type { Run, Task } from '../../shared/run.ts'
import { isGlob } from '../../shared/source.ts'
import { countsText } from '../../shared/task-counts.ts'
import { hasBytes } from '../engine-api.ts'
import { type BytesSource, exactGroup } from './exact-group.ts'
import { jsonLines } from './json-lines.ts'
import type { Output, OutputTarget } from './output.ts'
import { PartialLine } from './partial-line.ts'
import { removedSentence } from './removed-lines.ts'
import { endOfText, terminalText } from './terminal-text.ts'

export interface PrinterOptions {
  readonly output: Output
  /** One JSON object per line, notes included, everything on standard output. */
  readonly json: boolean
  /** Send a terminal the bytes as they are. */
  readonly raw: boolean
  /** Print notes only: somebody else prints the lines of the hosts. */
  readonly notesOnly?: boolean
  /** Where bytes are had that did not come with the lines; null when they always do. */
  readonly bytes: BytesSource | null
}

export interface LinePrinter {
  /** Resolves when the reader of the output keeps up. */
  take(event: FollowEvent): Promise<void>
}

export function createLinePrinter(options: PrinterOptions): LinePrinter {
  const { output, json, notesOnly = false } = options
  const partial = new PartialLine(output)
  const showsPartial = output.isTerminal('out') && !json && !options.raw && !notesOnly
  let hosts = new Hosts(undefined)
  const talk = new Talk()
  const ends = new TaskEnds()

  const printLines = async (event: LinesEvent) => {
    if (showsPartial) await partial.hide(event)
    let pos = event.pos
    for (const sent of event.groups) {
      if (notesOnly && sent.channel !== 'note') {
        if (options.bytes !== null) pos += sent.lines.length
        continue
      }
      const group = await completed(sent, { pos, bytes: options.bytes, isExact: isExact(sent) })
      if (group.channel === 'note') ends.hear(group)
      if (json) await output.write('out', jsonLines(group, { host: hosts.name(group.task), pos }))
      else if (group.channel === 'note') await printNotes(group)
      else await printGroup(group)
      // The texts of an engine's group are made only for JSON, and the place counts only then.
      if (json || options.bytes !== null) pos += group.lines.length
    }
    if (showsPartial) await partial.show()
  }

  /** Written byte by byte. */
  const isExact = ({ task, channel, file }: WireGroup) =>
    !json && hosts.prefix(task, file) === '' && !isShown(channel)

  /** On a terminal, whose text must not act. */
  const isShown = (channel: Channel) => output.isTerminal(targetOf(channel)) && !options.raw

  const printGroup = async (group: WireGroup) => {
    const target = targetOf(group.channel)
    if (isExact(group)) return output.write(target, exactly(group))
    const prefix = hosts.prefix(group.task, group.file)
    const texts = isShown(group.channel) ? group.lines.map(terminalText) : group.lines
    return output.write(target, `${prefix}${texts.join(`\n${prefix}`)}\n`)
  }

  const printNotes = async (group: WireGroup) => {
    for (const note of group.lines) {
      if (isWorthSaying(note, hosts.count)) await say(`${hosts.name(group.task)}: ${note}`)
    }
  }

  const say = (text: string) => output.write('err', `farglass: ${terminalText(text)}\n`)

  const printEnd = async (run: Run) => {
    if (showsPartial) await partial.clear()
    for (const sentence of ends.untold(run)) await say(sentence)
    if (run.gaps > 0) await say(gapsSentence(run.gaps))
    if (!json && run.tasks.length > 1 && isMixed(run)) {
      await say(countsText(run.tasks))
    }
  }

  return {
    take: async (event) => {
      if (event.kind === 'run') hosts = new Hosts(event.run)
      for (const sentence of talk.hear(event)) if (!json) await say(sentence)
      if (event.kind === 'lines') await printLines(event)
      else if (event.kind === 'partial' && showsPartial) {
        await partial.set(event, hosts.prefix(event.task))
      } else if (event.kind === 'end') await printEnd(event.run)
    },
  }
}

interface Wanted {
  readonly pos: number
  readonly bytes: BytesSource | null
  readonly isExact: boolean
}

/** The group, with its bytes where its texts are less than what is wanted. */
async function completed(group: WireGroup, { pos, bytes, isExact }: Wanted): Promise<WireGroup> {
  const isNeeded = group.cut !== undefined || (isExact && group.inexact === true)
  return isNeeded && bytes !== null ? exactGroup(group, pos, bytes) : group
}

function targetOf(channel: Channel): OutputTarget {
  return channel === 'out' ? 'out' : 'err'
}

/** The bytes themselves when they are at hand, else the text with a newline where there was one. */
function exactly(group: WireGroup): string | Uint8Array {
  if (hasBytes(group)) return group.bytes
  return `${group.lines.join('\n')}${group.end === undefined ? '\n' : ''}`
}

/** A stop by a person explains itself. */
function isMixed({ outcome }: Run): boolean {
  return outcome === 'failed' || outcome === 'lost'
}

/** The notes have scrolled away by the end, and the exit status does not tell of them. */
function gapsSentence(gaps: number): string {
  const which = 'the notes that begin with "gap:" say which bytes are missing, and why'
  return `the output has ${gaps === 1 ? 'a gap' : `${gaps} gaps`}: ${which}.`
}

/** What the exit status or the counts at the end say, or nobody asked for, is not repeated. */
function isWorthSaying(note: string, hostCount: number): boolean {
  if (note.startsWith('failed: It was not started, because more than ')) return false
  if (/^(?:connected|following|ended) /.test(note)) return false
  return !note.startsWith('exited ') || (hostCount > 1 && !note.startsWith('exited 0'))
}

/** What is said of an event that no note tells. */
class Talk {
  readonly #breaks = new Breaks()
  readonly #refusals = new Refusals()
  /** Position up to which lines have come, or were said to be gone. */
  #cursor = 0

  /** Sentences for people. */
  hear(event: FollowEvent): readonly string[] {
    return this.#all(event).filter((sentence) => sentence !== null)
  }

  #all(event: FollowEvent): readonly (string | null)[] {
    switch (event.kind) {
      case 'run': {
        const { run } = event
        return [
          this.#hearFirst(run),
          this.#breaks.hearRun(run),
          ...run.tasks.map((task) => this.#refusals.hear(task)),
        ]
      }
      case 'task':
        return [this.#refusals.hear(event.task)]
      case 'connection':
        return [this.#breaks.hearConnection(event)]
      case 'reset':
        return [resetSentence(event.from)]
      case 'lines':
        this.#cursor = event.next
        return []
      case 'partial':
      case 'viewers':
      case 'marks':
      case 'end':
      case 'bye':
        return []
    }
  }

  /** A sentence for lines that were removed before they could come, or null. */
  #hearFirst({ first, removed }: Run): string | null {
    const count = first - this.#cursor
    if (count <= 0) return null
    this.#cursor = first
    return removedSentence(count, removed)
  }
}

/** What holds the lines up, said once when it begins; that a run goes on is a note of its own. */
class Breaks {
  #paused: string | null = null
  #isLost = false

  /** A sentence for people, or null. */
  hearRun({ paused }: Run): string | null {
    const isNew = paused !== null && paused !== this.#paused
    this.#paused = paused
    return isNew ? `paused: ${paused}` : null
  }

  hearConnection({ state }: Extract<FollowEvent, { kind: 'connection' }>): string | null {
    const isLost = state === 'lost'
    if (isLost === this.#isLost) return null
    this.#isLost = isLost
    return isLost ? 'the server is away; trying again, no line is lost.' : 'the server is back.'
  }
}

function resetSentence(from: number): string {
  return `the server has lost what it had shown from line ${from} on; what it has now follows.`
}

/** Hosts that let nobody in any more: no note tells that, and somebody must put it right. */
class Refusals {
  readonly #told = new Map<number, string>()

  /** A sentence for people, once for each reason, or null. */
  hear({ id, host, state, question, message }: Task): string | null {
    if (state !== 'needs-input' || question !== null || message === null) {
      if (state === 'running') this.#told.delete(id)
      return null
    }
    if (this.#told.get(id) === message) return null
    this.#told.set(id, message)
    return `${host}: lets nobody in: ${message} It is tried again by itself.`
  }
}

/** Why tasks failed or were lost: a full disk takes no note, and a watcher may begin behind it. */
class TaskEnds {
  readonly #told = new Set<number>()

  hear({ task, lines }: WireGroup): void {
    if (lines.some((note) => /^(?:failed|lost): /.test(note))) this.#told.add(task)
  }

  /** Sentences for the tasks whose note has not been seen. */
  untold(run: Run): string[] {
    return run.tasks.flatMap(({ id, host, state, message }) => {
      const isBad = state === 'failed' || state === 'lost'
      return isBad && message !== null && !this.#told.has(id)
        ? [`${host}: ${state}: ${message}`]
        : []
    })
  }
}

class Hosts {
  readonly #names: ReadonlyMap<number, string>
  readonly #width: number
  readonly #hasFiles: boolean
  #fileWidth = 0

  constructor(run: Run | undefined) {
    const { source } = run ?? {}
    const only = source?.kind === 'files' && source.paths.length === 1 ? source.paths[0] : undefined
    this.#hasFiles = only === undefined || isGlob(only)
    this.#names = new Map(run?.tasks.map((task) => [task.id, task.host]))
    this.#width = Math.max(0, ...[...this.#names.values()].map((name) => name.length))
  }

  get count(): number {
    return this.#names.size
  }

  name(task: number): string {
    return this.#names.get(task) ?? `task ${task}`
  }

  /** Of one width, so that the texts stand below each other. Empty for the only host and file. */
  prefix(task: number, file?: string): string {
    const host = this.count === 1 ? [] : [this.name(task).padEnd(this.#width)]
    const parts = file === undefined || !this.#hasFiles ? host : [...host, this.#fileName(file)]
    return parts.length === 0 ? '' : `${parts.join(' ')} │ `
  }

  /** The host chose the name: no newline or escape of it gets through, not into a pipe either. */
  #fileName(file: string): string {
    const whole = displayText(file)
    const end = endOfText(whole, fileColumnsMax)
    const shown = end === whole ? whole : `…${end.slice(1)}`
    this.#fileWidth = Math.max(this.#fileWidth, shown.length)
    return shown.padEnd(this.#fileWidth)
  }
}

/** Of a longer name the end is shown, as that tells files apart. */
const fileColumnsMax = 40
