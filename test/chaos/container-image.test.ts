/** The image of deploy/Containerfile: built, run, asked for its health, restarted and stopped. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createHttpApi } from '../../src/client/http-api.ts'
import { buildContainerImage, type ContainerImage } from '../support/container-image.ts'
import { freePort } from '../support/free-port.ts'
import { type Sshd, startSshd } from '../support/sshd.ts'
import { until } from '../support/until.ts'

let image: ContainerImage
let sshd: Sshd

beforeAll(async () => {
  sshd = await startSshd()
  image = await buildContainerImage()
}, 900_000)

afterAll(async () => {
  await image[Symbol.asyncDispose]()
  await sshd[Symbol.asyncDispose]()
}, 60_000)

test('a container is healthy, runs a command over ssh by mounted keys, and has its runs after a restart', async () => {
  const port = await freePort()
  await image.start({ port, sshd })
  await isHealthy()
  const inside = (...command: string[]) => image.podman('exec', 'farglass', ...command)
  expect(await inside('id', '-un')).toBe('farglass')
  const token = await inside('cat', '/home/farglass/data/api-token')
  const api = createHttpApi({ baseUrl: `http://127.0.0.1:${port}`, token })
  const source = { kind: 'command', command: 'seq 3; echo "$SSH_CONNECTION" >&2' } as const
  const { id } = await api.start({ target: sshd.alias, source })
  const lines: string[] = []
  for await (const event of api.follow(id, 0, AbortSignal.timeout(60_000))) {
    if (event.kind === 'lines') lines.push(...event.groups.flatMap((group) => group.lines))
  }
  expect(lines).toEqual(expect.arrayContaining(['1', '2', '3']))
  expect(lines.some((line) => line.endsWith(` 127.0.0.1 ${sshd.port}`))).toBe(true)
  await image.podman('restart', '--time', '10', 'farglass')
  await isHealthy()
  expect(await api.get(id)).toMatchObject({ state: 'ended', outcome: 'succeeded' })
  await image.podman('stop', '--time', '10', 'farglass')
  expect(await image.podman('inspect', '--format', '{{.State.ExitCode}}', 'farglass')).toBe('0')
})

/** As an engine asks it every ten seconds. */
function isHealthy(): Promise<unknown> {
  const ask = () => image.podman('healthcheck', 'run', 'farglass')
  const isWell = () =>
    ask().then(
      () => true,
      () => false,
    )
  return until('the container is healthy', isWell, 60_000)
}
