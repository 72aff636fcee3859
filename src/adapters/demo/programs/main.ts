/** Runs one demo program: `NAME [COUNT] [--rate LINES_PER_SECOND] [--seed TEXT]`. */
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { accessLog } from './access-log.ts'
import { appLog } from './app-log.ts'
import { burst } from './burst.ts'
import { demoHelp } from './demo-help.ts'
import { deploy } from './deploy.ts'
import { jsonLog } from './json-log.ts'
import type { Program, Stage } from './program.ts'
import type { ProgramName } from './program-names.ts'
import { progress } from './progress.ts'
import { prompt } from './prompt.ts'
import { seededRandom } from './random.ts'
import { serviceLog } from './service-log.ts'
import { stackTraces } from './stack-traces.ts'
import { unicode } from './unicode.ts'

const programs: Readonly<Record<ProgramName, Program>> = {
  'access-log': accessLog,
  'app-log': appLog,
  burst,
  'demo-help': demoHelp(() => Object.entries(programs)),
  deploy,
  'json-log': jsonLog,
  progress,
  prompt,
  'service-log': serviceLog,
  'stack-traces': stackTraces,
  unicode,
}

// The reader has gone: a program in a pipeline ends quietly then.
process.stdout.on('error', () => process.exit(141))
process.stderr.on('error', () => process.exit(141))

try {
  const [name = '', ...rest] = process.argv.slice(2)
  await (programs as Readonly<Record<string, Program>>)[name]?.run(stage(rest))
} catch (thrown) {
  process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`)
  process.exitCode = 2
}

function stage(args: string[]): Stage {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { rate: { type: 'string' }, seed: { type: 'string' } },
  })
  return {
    random: seededRandom(values.seed ?? `${process.pid} ${Date.now()}`),
    count: positiveNumber('COUNT', positionals[0]),
    rate: positiveNumber('--rate', values.rate),
    host: process.env['HOSTNAME'] ?? '',
    now: () => new Date(),
    out: (text) => write(process.stdout, text),
    err: (text) => write(process.stderr, text),
    pause: async (ms) => {
      await pause(ms)
    },
  }
}

function positiveNumber(what: string, text: string | undefined): number | null {
  if (text === undefined) return null
  const value = Number(text)
  if (!(value > 0)) throw new Error(`${what} must be a number above 0, not "${text}".`)
  return value
}

function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve) => {
    stream.write(text, () => resolve())
  })
}
