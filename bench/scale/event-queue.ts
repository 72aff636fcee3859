/** What is to happen, by its time: a heap in typed arrays, as a simulation takes millions of them. */
export class EventQueue {
  #times = new Float64Array(1_024)
  #events = new Float64Array(1_024)
  #size = 0

  get size(): number {
    return this.#size
  }

  /** When the next one is due; only while there is one. */
  get nextMs(): number {
    return this.#times[0] ?? Number.POSITIVE_INFINITY
  }

  /** `event` is any whole number. */
  push(atMs: number, event: number): void {
    if (this.#size === this.#times.length) this.#grow()
    let at = this.#size++
    while (at > 0) {
      const parent = (at - 1) >> 1
      if ((this.#times[parent] ?? 0) <= atMs) break
      this.#move(parent, at)
      at = parent
    }
    this.#times[at] = atMs
    this.#events[at] = event
  }

  /** Takes the next one. */
  pop(): number {
    const first = this.#events[0] ?? Number.NaN
    this.#size -= 1
    const [time, event] = [this.#times[this.#size] ?? 0, this.#events[this.#size] ?? 0]
    let at = 0
    for (let child = 1; child < this.#size; child = 2 * at + 1) {
      const right = child + 1
      const smaller =
        right < this.#size && (this.#times[right] ?? 0) < (this.#times[child] ?? 0) ? right : child
      if ((this.#times[smaller] ?? 0) >= time) break
      this.#move(smaller, at)
      at = smaller
    }
    this.#times[at] = time
    this.#events[at] = event
    return first
  }

  #move(from: number, to: number): void {
    this.#times[to] = this.#times[from] ?? 0
    this.#events[to] = this.#events[from] ?? 0
  }

  #grow(): void {
    const [times, events] = [this.#times, this.#events]
    this.#times = new Float64Array(times.length * 2)
    this.#events = new Float64Array(events.length * 2)
    this.#times.set(times)
    this.#events.set(events)
  }
}
