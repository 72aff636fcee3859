import { describe, expect, it, vi } from 'vitest'
import { createProgress } from './progress.ts'

function setUp(isTerminal: boolean) {
  const written: string[] = []
  let now = 0
  const output = {
    isTerminal: () => isTerminal,
    columns: 20,
    write: async (_: string, data: string | Uint8Array) => {
      written.push(data.toString())
    },
  }
  const progress = createProgress(output, () => now)
  const at = (ms: number) => {
    now = ms
  }
  return { written, progress, at }
}

describe('progress of long work', () => {
  it('is one line that is written over, five times a second at most, and gone at the end', async () => {
    const { written, progress, at } = setUp(true)
    await progress.show('begun')
    at(200)
    await progress.show('1 of 3')
    at(300)
    await progress.show('2 of 3')
    at(400)
    await progress.show('3 of 3, which is much too long')
    await progress[Symbol.asyncDispose]()
    await progress.clear()
    expect(written).toEqual(['\r\u001b[K1 of 3', '\r\u001b[K3 of 3, which is mu', '\r\u001b[K'])
  })

  it('shows the last text also when nothing comes after it', async () => {
    vi.useFakeTimers()
    try {
      const { written, progress } = setUp(true)
      await progress.show('1 of 3')
      await progress.show('2 of 3')
      await vi.advanceTimersByTimeAsync(200)
      expect(written).toEqual(['\r\u001b[K2 of 3'])
      await progress.show('3 of 3')
      await progress.clear()
      await vi.advanceTimersByTimeAsync(1_000)
      expect(written.slice(1)).toEqual(['\r\u001b[K'])
    } finally {
      vi.useRealTimers()
    }
  })

  it('is not written where nobody sees it: into a file or pipe', async () => {
    const { written, progress, at } = setUp(false)
    at(1_000)
    await progress.show('1 of 3')
    await progress[Symbol.asyncDispose]()
    expect(written).toEqual([])
  })
})
