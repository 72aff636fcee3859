/** Alerts of a run that outlives its server. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startFarglass } from '../support/farglass.ts'
import { startSshd } from '../support/sshd.ts'
import { until } from '../support/until.ts'
import { startWebhookReceiver } from '../support/webhook-receiver.ts'

test('a server that is killed goes on where it has judged: each line is told once, also those of between', async () => {
  await using sshd = await startSshd({ aliases: ['web-1'] })
  await using receiver = await startWebhookReceiver()
  const { sshConfigFile } = sshd
  const args = ['--webhook-allow', '127.0.0.0/8']
  await using server = await startFarglass({ sshConfigFile, args })
  const stored = await server.api.request('/api/v1/alerts/boom', {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      when: { kind: 'lines', filter: { texts: [{ text: 'boom' }] } },
      cooldownSeconds: 1,
      webhooks: [{ kind: 'json', url: receiver.url }],
    }),
  })
  expect(stored.status).toBe(200)
  const [second, third] = [join(sshd.directory, 'second'), join(sshd.directory, 'third')]
  const waits = (file: string) => `while [ ! -e ${file} ]; do sleep 0.1; done`
  // The alert is silent for a second after each.
  const command = `echo boom 1; ${waits(second)}; sleep 1.1; echo boom 2; ${waits(third)}; sleep 1.1; echo boom 3`
  const { id } = await server.api.start({
    target: 'web-1',
    source: { kind: 'command', command },
    mode: 'durable',
  })
  await receiver.messages(1)
  const { deliveries } = await until('the message is noted', async () => {
    const alert = await (await server.api.request('/api/v1/alerts/boom')).json()
    return alert.deliveries.length > 0 && alert
  })
  expect(deliveries[0].state).toBe('delivered')
  await server.kill('SIGKILL')
  writeFileSync(second, '')
  await server.restart()
  await receiver.messages(2)
  writeFileSync(third, '')
  const ended = await until('the run ends', async () => {
    const run = await server.api.get(id)
    return run.state === 'ended' && run
  })
  expect(ended.outcome).toBe('succeeded')
  const messages = await receiver.messages(3)
  expect(receiver.received).toHaveLength(3)
  const texts = messages.map(({ body }) => JSON.parse(body).lines[0].text)
  expect(texts).toEqual(['boom 1', 'boom 2', 'boom 3'])
})
