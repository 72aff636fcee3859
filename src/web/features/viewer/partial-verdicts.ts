/** Whether unfinished lines match what only a worker may look for: asked there, and told when it has answered. */
import { type Signal, signal } from '@preact/signals'
import { visibleText } from '../../../shared/display.ts'
import type { TextRules } from '../../../shared/line-test.ts'
import type { PartialEvent } from '../../../shared/protocol/events.ts'
import type { PatternAsker } from '../find/pattern-asker.ts'
import { partialKey } from '../runs/partials.ts'

interface Verdict {
  readonly text: string
  readonly isWanted: boolean
}

export class PartialVerdicts {
  readonly #rules: TextRules
  /** Grows when something was told. */
  readonly #told: Signal<number> = signal(0)
  readonly #verdicts = new Map<string, Verdict>()
  readonly #asking = new Set<string>()
  #asker: PatternAsker | null = null
  /** Nothing is asked any more: by whom it was wanted, or because it takes too long. */
  #isOver = false

  constructor(rules: TextRules) {
    this.#rules = rules
  }

  /** Of a line that grows the verdict before counts until the next one is here: it would flicker. */
  has(partial: PartialEvent): boolean {
    void this.#told.value
    const key = partialKey(partial)
    const verdict = this.#verdicts.get(key)
    if (verdict?.text !== partial.text) this.#ask(key, partial.text)
    return verdict?.isWanted === true
  }

  close(): void {
    this.#isOver = true
    this.#asker?.close()
  }

  /** One text of a channel at a time: when it is told, the text is asked that stands there then. */
  #ask(key: string, text: string): void {
    if (this.#isOver || this.#asking.has(key)) return
    this.#asking.add(key)
    const tell = (isWanted: boolean): void => {
      this.#asking.delete(key)
      this.#verdicts.set(key, { text, isWanted })
      this.#told.value++
    }
    this.#look(text).then(tell, () => tell(false))
  }

  async #look(text: string): Promise<boolean> {
    const { createPatternAsker } = await import('../find/pattern-asker.ts')
    if (this.#isOver) return false
    this.#asker ??= createPatternAsker()
    const answer = await this.#asker.lines(this.#rules, [visibleText(text)])
    if (answer === null) {
      this.close()
      this.#verdicts.clear()
    }
    return answer?.[0] === true
  }
}
