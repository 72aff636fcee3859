/** Runs on the "remote host": writes lines of 100 bytes at a steady rate, each with the moment it was written. */
import { writeSync } from 'node:fs'
import { argv, hrtime } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'

const lineBytes = 100
const linesPerSecond = Number(argv[2])
const count = Number(argv[3])

const startNs = hrtime.bigint()
for (let sent = 0; sent < count; ) {
  const elapsedS = Number(hrtime.bigint() - startNs) / 1e9
  const due = Math.min(count, Math.floor(elapsedS * linesPerSecond) + 1)
  for (; sent < due; sent += 1) writeLine()
  await sleep(1)
}

/** One write per line, as a program without buffering does. The clock is the machine's monotonic one. */
function writeLine(): void {
  const line = `@${hrtime.bigint()} `
  writeSync(1, `${line.padEnd(lineBytes - 1, 'x')}\n`)
}
