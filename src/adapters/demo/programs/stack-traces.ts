/** `stack-traces`: calm output on stdout, and now and then an exception over many lines on stderr. */
import { humanPauseMs, type Program, paced } from './program.ts'
import type { Random } from './random.ts'

export const stackTraces: Program = {
  summary: 'requests on stdout, exceptions of three languages on stderr, endless or COUNT entries',
  run: (stage) => {
    const { random } = stage
    return paced(stage, async () => {
      if (random.chance(0.8)) {
        const job = `job=${random.int(10_000, 99_999)}`
        await stage.out(`${stage.now().toISOString()} done ${job} in ${random.int(12, 900)}ms\n`)
      } else {
        await stage.err(`${random.pick(traces)(random).join('\n')}\n`)
      }
      return 2 * humanPauseMs(random)
    })
  },
}

type Trace = (random: Random) => readonly string[]

const java: Trace = (random) => [
  `java.lang.IllegalStateException: Invoice ${random.int(7_000, 7_999)} is already closed`,
  `\tat example.billing.InvoiceService.close(InvoiceService.java:${random.int(40, 300)})`,
  `\tat example.billing.NightlyJob.lambda$run$0(NightlyJob.java:88)`,
  '\tat java.base/java.util.concurrent.FutureTask.run(FutureTask.java:317)',
  'Caused by: java.sql.SQLTransientConnectionException: pool - Connection is not available, request timed out after 30000ms',
  `\tat example.db.Pool.borrow(Pool.java:${random.int(90, 200)})`,
  '\t... 3 more',
]

const python: Trace = (random) => [
  'Traceback (most recent call last):',
  `  File "/srv/worker/tasks.py", line ${random.int(20, 240)}, in resize`,
  '    image = load(path)',
  '  File "/srv/worker/images.py", line 31, in load',
  '    raise ImageError(f"cannot decode {path}")',
  `worker.images.ImageError: cannot decode /uploads/${random.hex(6)}.jpg`,
]

const node: Trace = (random) => [
  `TypeError: Cannot read properties of undefined (reading '${random.pick(['id', 'total', 'sku'])}')`,
  `    at totals (/srv/app/src/cart.js:${random.int(10, 120)}:17)`,
  '    at async checkout (/srv/app/src/checkout.js:42:5)',
  '    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)',
]

const traces = [java, python, node] as const
