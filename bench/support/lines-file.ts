/** A file of numbered lines of 100 bytes, so that the writer of a burst costs next to nothing. */
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'

const lineBytes = 100
const linesPerWrite = 10_000

/** Writes it and resolves with its path. */
export async function makeLinesFile(folder: string, lines: number): Promise<string> {
  const path = join(folder, `lines-${lines}.txt`)
  const file = createWriteStream(path)
  for (let first = 0; first < lines; first += linesPerWrite) {
    const many = Math.min(linesPerWrite, lines - first)
    const text = Array.from({ length: many }, (_, index) => lineOf(first + index)).join('')
    if (!file.write(text)) await once(file, 'drain')
  }
  file.end()
  await finished(file)
  return path
}

function lineOf(number: number): string {
  return `${`line ${String(number).padStart(9, '0')} `.padEnd(lineBytes - 1, 'x')}\n`
}
