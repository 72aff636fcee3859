import { expect, it } from 'vitest'
import { engineAdvice } from './engine-advice.ts'

const podman = 'Error: inspecting object: no such container shop'
const noDaemon =
  'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?'

it.each([
  [
    `Got permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get "http://x": dial unix /var/run/docker.sock: connect: permission denied ${podman}`,
    'group "docker"',
  ],
  [`${noDaemon} ${podman}`, 'Start Docker'],
  [podman, 'only the containers of that user'],
])('the engine says %j, and what to do is said too', (words, advice) => {
  expect(engineAdvice(words)).toContain(advice)
})

it('there is no advice about what is plain enough', () => {
  expect(engineAdvice('Error: No such container: shop')).toBe('')
  expect(engineAdvice('')).toBe('')
})
