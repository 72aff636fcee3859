/**
 * Bugs that the simulation must find: planted around the ports, or over a method of the real code,
 * and nowhere in it. A simulation that misses one of them would miss a real one of its kind.
 */
import { Bell } from '../../src/core/feed/bell.ts'
import type { RemoteHost } from '../../src/core/remote/remote-host.ts'
import { TaskOutput } from '../../src/core/runs/task-output.ts'
import type { LogStore } from '../../src/core/store/log-store.ts'
import type { SeededRandom } from '../support/seeded-random.ts'
import type { DiskPorts, SimulatedDisk } from './simulated-disk.ts'
import type { HostBugs } from './simulated-host.ts'
import type { Watch } from './watch.ts'

export interface PlantedBug {
  readonly name: string
  /** Around the store of each server. */
  readonly ports?: (
    ports: DiskPorts,
    tools: { readonly disk: SimulatedDisk; readonly random: SeededRandom },
  ) => DiskPorts
  /** Around each connected host. */
  readonly host?: (
    host: RemoteHost,
    tools: { readonly watch: Watch; readonly random: SeededRandom },
  ) => RemoteHost
  /** In the simulated hosts. */
  readonly hosts?: HostBugs
  /** In each viewer: the cursor with which it asks again. */
  readonly resumeAt?: (cursor: number) => number
  /** Over a method of the real code; gives what puts it right again. */
  readonly plant?: (random: SeededRandom) => () => void
}

export const noBug: PlantedBug = { name: 'none' }

export const plantedBugs: readonly PlantedBug[] = [
  {
    name: 'lines are acknowledged, and so shown, before they are durable',
    ports: ({ log, catalog }) => ({
      catalog,
      log: withAppend(log, async (append) => {
        void log.append(append).catch(() => undefined)
        const count = append.groups.reduce((sum, group) => sum + group.count, 0)
        return { kind: 'stored', next: append.pos + count }
      }),
    }),
  },
  {
    name: 'the offsets are not stored with their lines',
    ports: ({ log, catalog }) => ({
      catalog,
      log: withAppend(log, async (append) => {
        const { run, epoch, tasks } = append
        const result = await log.append({ ...append, tasks: [] })
        await catalog.save({ run, epoch, tasks })
        return result
      }),
    }),
  },
  {
    name: 'a retry gets new positions instead of "stored already"',
    ports: ({ log, catalog }) => ({
      catalog,
      log: withAppend(log, async (append) => {
        const result = await log.append(append)
        return result.kind === 'duplicate' ? log.append({ ...append, pos: result.next }) : result
      }),
    }),
  },
  {
    name: 'the epoch is not checked, so an old owner is not fenced off',
    ports: ({ log, catalog }, { disk }) => ({
      catalog,
      log: withAppend(log, async (append) => {
        const run = await disk.durable.catalog.get(append.run)
        return log.append({ ...append, epoch: run?.epoch ?? append.epoch })
      }),
    }),
  },
  {
    name: 'reading goes on one byte too late',
    host: (host) => withScript(host, (out, err) => [out === 0 ? 0 : out + 1, err]),
  },
  {
    name: 'reading goes on after the last byte that was read, not after the last stored line',
    host: fromLastByteRead,
  },
  {
    name: 'the bytes before those that come are not compared with the known ones',
    host: (host) => ({
      ...host,
      open: (request) => {
        const script = request.script.replaceAll(/^elif _fg_other .*$/gm, '')
        return host.open({ ...request, script })
      },
    }),
  },
  {
    name: 'an unfinished line is kept over a cut and read once more',
    plant: () => over(TaskOutput.prototype, 'restart', () => (task) => task),
  },
  {
    name: 'the bell is silent now and then',
    plant: (random) => {
      // One lost ring alone does no harm: the next one comes a moment later.
      let silent = 0
      return over(
        Bell.prototype,
        'ring',
        (ring) =>
          function (this: Bell) {
            if (silent > 0) silent -= 1
            else if (random.next() < 0.03) silent = 12
            else ring.call(this)
          },
      )
    },
  },
  {
    name: 'a command is started again when its start is asked for again',
    hosts: { startsAgain: true },
  },
  { name: 'the sizes are read before the end is looked for', hosts: { readsSizesFirst: true } },
  { name: 'the host forgets a task before it is stored', hosts: { removesEarly: true } },
  { name: 'a viewer skips a line when it comes again', resumeAt: (cursor) => cursor + 1 },
  {
    name: 'a viewer gets a line twice when it comes again',
    resumeAt: (cursor) => Math.max(0, cursor - 1),
  },
]

function withAppend(log: LogStore, append: LogStore['append']): LogStore {
  return { ...log, append }
}

/** The same host, asked for other bytes. */
function withScript(
  host: RemoteHost,
  offsets: (out: number, err: number) => readonly [out: number, err: number],
): RemoteHost {
  return {
    ...host,
    open: (request) => {
      const script = request.script.replace(offsetLine, (_, out: string, err: string) => {
        const [outBytes, errBytes] = offsets(Number(out), Number(err))
        return `_fg_o=${outBytes} _fg_e=${errBytes} `
      })
      return host.open({ ...request, script })
    },
  }
}

const offsetLine = /^_fg_o=([0-9]+) _fg_e=([0-9]+) /m
const nameInScript = /\/farglass\/runs\/([a-z0-9.]+)\}/

/** Bytes of stdout that ever came, by the name of the task. */
const read = new WeakMap<object, Map<string, number>>()

function fromLastByteRead(host: RemoteHost, { watch }: { readonly watch: Watch }): RemoteHost {
  const seen = read.get(watch) ?? new Map<string, number>()
  read.set(watch, seen)
  return {
    ...host,
    open: async (request) => {
      const name = nameInScript.exec(request.script)?.[1] ?? ''
      const from = seen.get(name)
      const spoilt = withScript(host, (out, err) => [Math.max(out, from ?? out), err])
      const channel = await spoilt.open(request)
      if (!offsetLine.test(request.script)) return channel
      let at = from ?? 0
      const output = channel.output
      return {
        output: (async function* () {
          for await (const piece of output) {
            if (piece.channel === 'out') seen.set(name, (at += piece.bytes.length))
            yield piece
          }
        })(),
        get status() {
          return channel.status
        },
        send: (text: string) => channel.send(text),
        end: () => channel.end(),
        [Symbol.asyncDispose]: () => channel[Symbol.asyncDispose](),
      }
    },
  }
}

/** Puts another method over a prototype's; gives what takes it away again. */
function over<Key extends string, Method extends (...args: never[]) => unknown>(
  prototype: Record<Key, Method>,
  name: Key,
  make: (old: Method) => Method,
): () => void {
  const old = prototype[name]
  prototype[name] = make(old)
  return () => {
    prototype[name] = old
  }
}
