/** Runs on the "remote host": writes lines of 100 bytes at a steady rate, one after the other to each of some pipes. */
import { closeSync, openSync, writeSync } from 'node:fs'
import { argv, hrtime } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'

const lineBytes = 100
const [linesPerSecond, count] = [Number(argv[2]), Number(argv[3])]
// Each open waits for who reads.
const pipes = argv.slice(4).map((path) => openSync(path, 'w'))

const startNs = hrtime.bigint()
for (let sent = 0; sent < count; ) {
  const elapsedS = Number(hrtime.bigint() - startNs) / 1e9
  const due = Math.min(count, Math.floor(elapsedS * linesPerSecond) + 1)
  for (; sent < due; sent += 1) writeLine(sent)
  await sleep(1)
}
// What the ends of the runs cost is not what is measured.
writeSync(1, 'written\n')
await sleep(1_000)
for (const pipe of pipes) closeSync(pipe)

function writeLine(at: number): void {
  writeSync(pipes[at % pipes.length] ?? 1, `${`line ${at} `.padEnd(lineBytes - 1, 'x')}\n`)
}
