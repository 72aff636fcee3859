/** What every command is given: where it writes, and how it hears of Ctrl-C. */
import { createOutput, type Output } from './output.ts'

export interface CliContext {
  readonly output: Output
  /** A sentence on standard error: `farglass: …`. */
  readonly say: (text: string) => Promise<void>
}

export function createContext(): CliContext {
  const output = createOutput()
  return { output, say: (text) => output.write('err', `farglass: ${text}\n`) }
}

type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP'
const stopSignals: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** Calls `first` for the first signal to stop; the second ends the process at once. */
export function onStopSignal(first: (signal: StopSignal) => void): Disposable {
  let count = 0
  const take = (signal: StopSignal) => {
    count += 1
    if (count === 1) first(signal)
    else die(signal)
  }
  for (const signal of stopSignals) process.on(signal, take)
  return {
    [Symbol.dispose]: () => {
      for (const signal of stopSignals) process.off(signal, take)
    },
  }
}

/** Dies of the signal itself: process.exit would wait for a write to a pipe that nobody reads. */
function die(signal: StopSignal): void {
  for (const each of stopSignals) process.removeAllListeners(each)
  process.kill(process.pid, signal)
}
