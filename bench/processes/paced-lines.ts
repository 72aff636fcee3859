/** Runs on the "remote host": writes lines of 100 bytes at a high steady rate for some seconds, in small writes. */
import { writeSync } from 'node:fs'
import { argv, hrtime } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'

const linesPerSecond = Number(argv[2])
const count = linesPerSecond * Number(argv[3])
const lineBytes = 100

const startNs = hrtime.bigint()
for (let sent = 0; sent < count; ) {
  const elapsedS = Number(hrtime.bigint() - startNs) / 1e9
  const due = Math.min(count, Math.floor(elapsedS * linesPerSecond) + 1)
  let text = ''
  for (; sent < due; sent += 1) text += lineOf(sent)
  if (text !== '') writeSync(1, text)
  await sleep(2)
}

function lineOf(at: number): string {
  const level = at % 4 === 0 ? '\u001b[33mWARN\u001b[0m' : 'INFO'
  return `${`${level} job ${at} done in 231ms queue=default `.padEnd(lineBytes - 1, 'x')}\n`
}
