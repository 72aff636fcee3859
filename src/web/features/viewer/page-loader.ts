/** Fetches the pages that a window over a run asks for: what is in sight, one ahead, failed ones again. */
import type { WireLine } from '../../../shared/protocol/events.ts'
import type { LineWindow, View } from './line-window.ts'
import type { Stretch } from './page-requests.ts'

export interface PageLoaderOptions {
  readonly window: LineWindow
  /** Asks the server. */
  read(stretch: Stretch): Promise<readonly WireLine[]>
  /** Puts what has come into the window. */
  take(stretch: Stretch, lines: readonly WireLine[], now: number): void
  /** These lines have come. */
  onChange(lines: readonly WireLine[]): void
}

export interface PageLoader {
  /** Somebody looks at these lines. */
  look(view: View): void
  close(): void
}

export function createPageLoader(options: PageLoaderOptions): PageLoader {
  const { window } = options
  let view: View | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let isClosed = false

  function ask(): void {
    if (view === null || isClosed) return
    for (const stretch of window.ask(view, performance.now())) {
      void load(stretch)
    }
    clearTimeout(timer)
    const { retryAt } = window
    if (retryAt !== null) timer = setTimeout(ask, Math.max(0, retryAt - performance.now()) + 1)
  }

  /** Never rejects: why a page cannot be had, the connection tells; the page is asked for again. */
  async function load(stretch: Stretch): Promise<void> {
    try {
      const lines = await options.read(stretch)
      if (isClosed) return
      options.take(stretch, lines, performance.now())
      options.onChange(lines)
    } catch {
      if (!isClosed) window.fail(stretch, performance.now())
    }
    ask()
  }

  return {
    look(next) {
      view = next
      ask()
    },
    close() {
      isClosed = true
      clearTimeout(timer)
    },
  }
}
