/** Many logins at once, by many names of few servers, with the limits that an sshd has by itself. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startClient } from '../support/ssh-client.ts'
import { startSshd } from '../support/sshd.ts'

test('an sshd with its usual limits drops none of many logins that come by many names, nor those through one jump host', async () => {
  const direct = Array.from({ length: 12 }, (_, at) => `direct-${at}`)
  // Each login takes its time before it is done, as over a slow network.
  const sshConfig = ['KnownHostsCommand /usr/bin/sleep 1.2']
  await using sshd = await startSshd({ aliases: ['edge', ...direct], sshConfig })
  await using inner = await startSshd()
  const behind = Array.from({ length: 6 }, (_, at) => `behind-${at}`)
  const config = join(sshd.directory, 'jumping_config')
  const way = [
    `HostName ${inner.host}`,
    `Port ${inner.port}`,
    `User ${inner.user}`,
    `IdentityFile ${inner.keyFile}`,
    `UserKnownHostsFile ${inner.knownHostsFile}`,
    'ProxyJump edge',
  ]
  const hosts = behind.map((name) => [`Host ${name}`, ...way].join('\n'))
  const text = `${hosts.join('\n')}\nHost *\nInclude ${sshd.sshConfigFile}\n`
  writeFileSync(config, text, { mode: 0o600 })
  await using client = await startClient(config)
  const logins = [...direct, ...behind].map(async (name) => {
    await using _host = await client.connect(name)
  })
  await Promise.all(logins)
  for (const each of [sshd, inner])
    expect(await each.log()).not.toMatch(/MaxStartups|drop connection/)
})
