/** Many hosts that write all the time, seen in one merged view: what arrives, and what the server holds meanwhile. */
import { setTimeout as sleep } from 'node:timers/promises'
import { createHttpApi } from '../../src/client/http-api.ts'
import { startSshd } from '../../test/support/sshd.ts'
import { type BenchContext, type Figure, rowsOf } from './claim.ts'
import { cpuMsOf, memoryOf } from './cost.ts'
import { type BenchServer, startServer } from './server.ts'

const hosts = 50
const linesPerSecond = 2_000

/** Throws when a line is missing, comes twice or out of its order. */
export async function measureManyLines(context: BenchContext): Promise<readonly Figure[]> {
  const seconds = context.quick ? 5 : 120
  context.say(`${hosts} hosts that write`)
  const aliases = Array.from({ length: hosts }, (_, at) => `h${at + 1}`)
  await using sshd = await startSshd({ aliases })
  await using server = await startServer({ folder: context.folder, sshd, sync: 'full' })
  const api = createHttpApi({ baseUrl: server.url })
  const command = writer(linesPerSecond * seconds)
  const { id } = await api.start({
    target: aliases.join(','),
    source: { kind: 'command', command },
    fanout: hosts,
  })
  const done = new AbortController()
  const memory = watchMemory(server, done.signal)
  const cpuBefore = cpuMsOf(server.pid)
  const startedMs = performance.now()
  const next: number[] = []
  for await (const event of api.follow(id, 0, done.signal)) {
    if (event.kind !== 'lines') continue
    for (const { task, channel, lines } of event.groups) {
      if (channel !== 'out') continue
      for (const line of lines) next[task] = checked(line, task, next[task] ?? 0)
    }
  }
  const tookMs = performance.now() - startedMs
  const cpuMs = cpuMsOf(server.pid) - cpuBefore
  done.abort()
  const lost = aliases.reduce(
    (sum, _, task) => sum + linesPerSecond * seconds - (next[task] ?? 0),
    0,
  )
  const { lost: missing, duplicated, lines } = await api.get(id)
  const samples = await memory
  // The first third is left out: caches fill in it, and V8 finds out how much room it wants.
  const third = Math.floor(samples.length / 3)
  const claim = rowsOf(
    `${hosts} hosts × ${linesPerSecond.toLocaleString('en')} lines/s for ${seconds} s in one view`,
  )
  const middle = claim.row('same, middle third', 'MB', samples.slice(third, 2 * third))
  const last = claim.row('same, last third', 'MB', samples.slice(2 * third))
  return [
    { ...claim.row('lines lost or doubled', 'lines', [lost + missing + duplicated]), target: '0' },
    claim.row('lines seen', 'lines', [lines - lost]),
    claim.row('from the start to the last line', 'ms', [tookMs]),
    claim.row('CPU of the server', 'cores', [cpuMs / tookMs]),
    claim.row('memory of the server, most', 'MB', [Math.max(...samples)]),
    middle,
    { ...claim.against(last, middle), target: '<= 1.05 × middle third' },
  ]
}

function checked(line: string, task: number, due: number): number {
  const number = Number(line.slice(0, line.indexOf(' ')))
  if (number !== due) throw new Error(`Task ${task}: line ${number} came in the place of ${due}.`)
  return due + 1
}

async function watchMemory({ pid }: BenchServer, signal: AbortSignal): Promise<readonly number[]> {
  const samples: number[] = []
  while (!signal.aborted) {
    samples.push(memoryOf(pid).nowMb)
    await sleep(500, undefined, { signal }).catch(() => undefined)
  }
  return samples
}

/** Lines of 100 bytes that begin with their number; Perl, because 50 of them run on one machine. */
function writer(count: number): string {
  return `perl -MTime::HiRes=time,sleep -e '
    my ($rate, $count, $sent, $start) = (${linesPerSecond}, ${count}, 0, time);
    while ($sent < $count) {
      my $due = int((time - $start) * $rate) + 1;
      $due = $count if $due > $count;
      my $text = "";
      for (; $sent < $due; $sent++) { $text .= sprintf("%-99s\\n", "$sent ") }
      while (length $text) { my $n = syswrite(STDOUT, $text); substr($text, 0, $n) = "" }
      sleep 0.02;
    }'`
}
