/** The output of a container of a real Podman, over cuts. */
import { expect, test } from 'vitest'
import { createMemoryStore } from '../../src/core/store/memory-store.ts'
import { textsOf } from '../../src/shared/line-group.ts'
import { hostsWith } from '../support/path-hosts.ts'
import { startPodman } from '../support/podman.ts'
import { startRunService } from '../support/run-service.ts'
import { until } from '../support/until.ts'

const lines = 20_000

test('stdout and stderr of a container are exact over cuts, and over its replacement', async () => {
  await using podman = startPodman()
  await using hosts = hostsWith(`${podman.path}:${process.env['PATH']}`)
  const store = createMemoryStore()
  await using service = startRunService(hosts, store)
  // Four lines of stdout and one of stderr at a time, faster than Podman reads whole lines.
  const print = (name: string) =>
    `sleep 3; n=0; while [ $n -lt ${lines} ]; do for i in 1 2 3 4 5; do n=$((n+1));
     if [ $i = 5 ]; then echo ${name} $n >&2; else echo ${name} $n; fi; done; done; sleep 600`
  podman.run('shop', print('first'))
  const request = {
    target: 'web-1',
    source: { kind: 'container', name: 'shop', lines: 10 },
  } as const
  const { id } = await service.start({ request })
  const stored = async (channel: 'out' | 'err') => {
    const groups = await store.log.read(id, 0, 64_000_000)
    return groups.filter((group) => group.channel === channel).flatMap((group) => textsOf(group))
  }
  for (let cut = 1; cut <= 4; cut += 1) {
    const wanted = (lines / 12) * cut
    await until('some are stored', async () => (await stored('out')).length >= wanted, 60_000)
    hosts.cut()
  }
  await until(
    'the last is stored',
    async () => (await stored('err')).at(-1) === `first ${lines}`,
    60_000,
  )
  await until('all are stored', async () => (await stored('out')).length >= lines * 0.8, 60_000)
  podman.run('shop', print('second'))
  await until(
    'the other one too',
    async () => (await stored('err')).at(-1) === `second ${lines}`,
    60_000,
  )
  await until('all of it', async () => (await stored('out')).length >= lines * 1.6, 60_000)
  const all = ['first', 'second'].flatMap((name) =>
    Array.from({ length: lines }, (_, at) => [name, at + 1] as const),
  )
  const texts = (isErr: boolean) =>
    all.filter(([, n]) => (n % 5 === 0) === isErr).map(([name, n]) => `${name} ${n}`)
  expect(await stored('out')).toEqual(texts(false))
  expect(await stored('err')).toEqual(texts(true))
  expect((await service.get(id)).gaps).toBe(0)
})
