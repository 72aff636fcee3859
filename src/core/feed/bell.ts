/** Wakes followers. Carries no data: who is woken reads after its cursor. */
export class Bell {
  #rings = 0
  #waiting: (() => void) | undefined
  #next: Promise<void> | undefined

  /** How often it has rung. Note it before looking, hand it to `after`: no ring can be missed. */
  get rings(): number {
    return this.#rings
  }

  ring(): void {
    this.#rings += 1
    const wake = this.#waiting
    this.#waiting = undefined
    this.#next = undefined
    wake?.()
  }

  /** Resolves when it has rung more than `rings` times. All who wait share one promise. */
  async after(rings: number): Promise<void> {
    if (this.#rings > rings) return
    this.#next ??= new Promise((resolve) => {
      this.#waiting = resolve
    })
    await this.#next
  }
}
