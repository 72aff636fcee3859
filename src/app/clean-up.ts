/** What must be undone, in reverse order: stands for AsyncDisposableStack, which Node 20 lacks. */
export interface CleanUp {
  readonly add: (action: () => void | Promise<void>) => void
  /** Runs every action, also after one has failed; rejects with the first failure. Safe to call twice. */
  readonly run: () => Promise<void>
}

/** Collects what must be undone, and undoes it in the opposite order. */
export function createCleanUp(): CleanUp {
  const actions: (() => void | Promise<void>)[] = []
  return {
    add: (action) => {
      actions.push(action)
    },
    run: async () => {
      const failures: unknown[] = []
      for (let action = actions.pop(); action !== undefined; action = actions.pop()) {
        try {
          await action()
        } catch (thrown) {
          failures.push(thrown)
        }
      }
      if (failures.length > 0) throw failures[0]
    },
  }
}
