/** The unfinished last line (a prompt, a progress bar) at the foot of a terminal, until it is whole. */
import type { LinesEvent, PartialEvent } from '../../shared/protocol/events.ts'
import type { Output } from './output.ts'
import { endOfText, terminalText } from './terminal-text.ts'

const eraseLine = '\r\x1b[K'

/** Shows the newest unfinished line of the run; the caller hides it before it prints lines. */
export class PartialLine {
  readonly #output: Output
  /** Shown text per task and channel, the newest last. */
  readonly #texts = new Map<string, string>()
  #isShown = false

  constructor(output: Output) {
    this.#output = output
  }

  async set(event: PartialEvent, prefix: string): Promise<void> {
    const key = keyOf(event.task, event.channel)
    this.#texts.delete(key)
    if (event.text !== '') this.#texts.set(key, `${prefix}${event.text}`)
    await this.#erase()
    await this.show()
  }

  /** Takes it off the screen, and forgets those that the lines complete. */
  async hide(lines: LinesEvent): Promise<void> {
    for (const { task, channel } of lines.groups) this.#texts.delete(keyOf(task, channel))
    await this.#erase()
  }

  async show(): Promise<void> {
    const text = [...this.#texts.values()].at(-1)
    if (text === undefined) return
    // One column less than there is, or the terminal would wrap and the line could not be erased.
    const fitting = endOfText(terminalText(text), this.#output.columns - 1)
    await this.#output.write('out', fitting)
    this.#isShown = true
  }

  async clear(): Promise<void> {
    this.#texts.clear()
    await this.#erase()
  }

  async #erase(): Promise<void> {
    if (this.#isShown) await this.#output.write('out', eraseLine)
    this.#isShown = false
  }
}

function keyOf(task: number, channel: string): string {
  return `${task} ${channel}`
}
