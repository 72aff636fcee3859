/** How long the data disk takes to make a small append durable: the floor of what "stored before shown" costs. */
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { Histogram } from './histogram.ts'

const appendBytes = 4_096
const appends = 300

/** Times of write + fdatasync of 4 KiB, one after the other. */
export async function timeDataSync(folder: string): Promise<Histogram> {
  const times = new Histogram()
  const block = Buffer.alloc(appendBytes, 'x')
  const file = await open(join(folder, 'sync-probe'), 'w')
  try {
    for (let turn = 0; turn < appends; turn += 1) {
      const startedMs = performance.now()
      await file.write(block)
      await file.datasync()
      times.add(performance.now() - startedMs)
    }
  } finally {
    await file.close()
  }
  return times
}
