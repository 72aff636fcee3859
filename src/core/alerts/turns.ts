/** So many at once; the others wait for their turn, in the order in which they came. */
export interface Turns {
  run<T>(action: () => Promise<T>): Promise<T>
}

export function createTurns(max: number): Turns {
  const waiting: (() => void)[] = []
  let busy = 0
  return {
    run: async (action) => {
      if (busy >= max) await new Promise<void>((resolve) => waiting.push(resolve))
      else busy += 1
      try {
        return await action()
      } finally {
        const next = waiting.shift()
        if (next === undefined) busy -= 1
        else next()
      }
    },
  }
}
