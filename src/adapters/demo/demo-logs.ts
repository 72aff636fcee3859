/** The log files of a demo host: they have a past, and go on growing while the host is up. */
import { appendFile, mkdir, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { accessLine } from './programs/access-log.ts'
import { journalLine } from './programs/journal-line.ts'
import { type Random, seededRandom } from './programs/random.ts'
import { isTroubledAt, serviceSays } from './programs/service-log.ts'
import { colour } from './programs/services/service.ts'

/** Resolves when the past is written. What follows is added until this process ends. */
export async function keepLogs(home: string, host: string): Promise<void> {
  const directory = join(home, 'log')
  await mkdir(directory, { recursive: true, mode: 0o700 })
  for (const [name, line] of Object.entries(logs)) {
    const random = seededRandom(`${host} ${name}`)
    const log = { file: join(directory, name), line: (time: Date) => line(random, time, host) }
    await writeFile(log.file, past(log, random))
    grow(log, random)
  }
}

interface Log {
  readonly file: string
  readonly line: (time: Date) => string
}

const logs: Readonly<Record<string, (random: Random, time: Date, host: string) => string>> = {
  'access.log': accessLine,
  'app.log': serviceLine,
  'journal.log': journalLine,
}

/** What the service says, with the time in front as such files have it. */
function serviceLine(random: Random, time: Date, host: string): string {
  const { text } = serviceSays(host, { random, isTroubled: isTroubledAt(time) })
  return `${colour('2', time.toISOString())} ${text}`
}

/** The last hour or so, for `tail` and `grep`. */
function past({ line }: Log, random: Random): string {
  const lines: string[] = []
  let time = Date.now() - pastMs
  while (time < Date.now()) {
    lines.push(`${line(new Date(time))}\n`)
    time += random.int(200, 2 * (pastMs / pastLines))
  }
  return lines.join('')
}

const pastMs = 3_600_000
const pastLines = 2_000

function grow(log: Log, random: Random): void {
  setTimeout(
    () => {
      // A full disk, or a folder that somebody has removed: the file then stays as it is.
      add(log)
        .catch(() => {})
        .finally(() => grow(log, random))
    },
    random.int(300, 1_700),
  )
}

async function add({ file, line }: Log): Promise<void> {
  if ((await stat(file)).size > rotateBytes) await rename(file, `${file}.1`)
  await appendFile(file, `${line(new Date())}\n`)
}

/** About a day's worth; the demo must not fill a disk. */
const rotateBytes = 8 * 1024 * 1024
