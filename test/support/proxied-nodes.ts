/** A rolling restart and a crash of the nodes behind a real proxy, under viewers of a run that goes on. */
import { createHttpApi } from '../../src/client/http-api.ts'
import { expectExact } from './exact.ts'
import type { FarglassNodes } from './farglass-nodes.ts'
import { watch } from './raw-http.ts'
import { recordByClient, recordByLastEventId } from './recording-viewer.ts'
import { makeTruth } from './truth.ts'
import { until } from './until.ts'

export interface ProxiedNodes {
  readonly cluster: FarglassNodes
  /** Of the proxy, with TLS. */
  readonly url: string
  /** The same in clear, for clients that trust no certificate of a test. */
  readonly plainUrl: string
  readonly seed: number
}

/**
 * The node that carries the run is told to end, and started again; then the one that took over is killed
 * with -9. Fails unless each viewer has each line once, and was told `bye`.
 */
export async function outliveRestarts({
  cluster,
  url,
  plainUrl,
  seed,
}: ProxiedNodes): Promise<void> {
  await using truth = await makeTruth({ seed, lines: 5_000, linesPerSecond: 500 })
  const api = createHttpApi({ baseUrl: plainUrl })
  const source = { kind: 'command', command: truth.command } as const
  const { id: run } = await api.start({ target: cluster.sshd.alias, source })
  await using byClient = recordByClient({ who: 'our client', baseUrl: plainUrl, run })
  await using byHttp1 = recordByLastEventId({ who: 'HTTP/1.1', baseUrl: url, run })
  await using byHttp2 = recordByLastEventId({ who: 'HTTP/2', baseUrl: url, run, isHttp2: true })
  const viewers = [byClient, byHttp1, byHttp2]
  const moreAtAll = async (lines: number) => {
    const before = viewers.map(({ history }) => history.lines.length)
    await until(`each viewer has ${lines} more lines`, () =>
      viewers.every(({ history }, at) => history.lines.length - (before[at] ?? 0) > lines),
    )
  }
  await moreAtAll(200)
  const streams = await Promise.all(
    Array.from({ length: 4 }, () => watch(`${url}/api/v1/runs/${run}/stream`)),
  )
  const first = await until('a node carries it', () => cluster.carrierOf(run))
  const bye = Promise.any(streams.map((stream) => stream.event(({ event }) => event === 'bye')))
  await first.kill('SIGTERM')
  await bye
  for (const stream of streams) stream.cut()
  await moreAtAll(200)
  await first.restart()
  const second = await until('another node carries it', async () => {
    const carrier = await cluster.carrierOf(run)
    return carrier === first ? undefined : carrier
  })
  await second.kill('SIGKILL')
  await moreAtAll(200)
  await second.restart()
  await Promise.all(viewers.map(({ done }) => done))
  await expectExact({ api, run, truth, viewers, seed })
}
