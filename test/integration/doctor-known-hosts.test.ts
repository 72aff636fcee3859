/** `farglass doctor`: which files hold the host keys that ssh knows. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseCommandLine } from '../../src/app/cli/command-line.ts'
import { spec } from '../../src/app/cli/doctor.ts'
import { checkKnownHosts } from '../../src/app/cli/doctor-known-hosts.ts'
import { makeDataDirectory, runCli } from '../support/farglass.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { type Sshd, startSshd } from '../support/sshd.ts'

let data = ''
let sshd: Sshd

beforeAll(async () => {
  data = await makeDataDirectory()
  sshd = await startSshd()
})

afterAll(async () => {
  await sshd[Symbol.asyncDispose]()
  await removeFolder(data)
})

test('looks at the file that ssh uses for the host, also for one of the inventory that lies elsewhere', async () => {
  writeFileSync(join(data, 'inventory.yaml'), `hosts:\n  box:\n    destination: ${sshd.alias}\n`)
  const args = ['doctor', '--data', data, '--ssh-config', sshd.sshConfigFile]
  for (const host of [sshd.alias, 'box']) {
    const { stdout } = await runCli([...args, host])
    expect(stdout.toString()).toContain(`\nok    known_hosts: ${sshd.knownHostsFile}, 1 entry\n`)
  }
})

test('says of each file what becomes of host keys with it', async () => {
  const folder = join(data, 'known hosts')
  mkdirSync(folder)
  const file = join(folder, 'one')
  writeFileSync(file, 'a ssh-ed25519 AAAA\n\nb ssh-ed25519 AAAA\n')
  const config = join(data, 'config')
  const places = {
    blank: `"${file}"`,
    absent: '/nowhere/first /nowhere/second',
    both: `/nowhere/first ${sshd.knownHostsFile}`,
    none: 'none',
    folder: `"${folder}"`,
  }
  const blocks = Object.entries(places).map(
    ([name, place]) => `Host ${name}\nUserKnownHostsFile ${place}\n`,
  )
  writeFileSync(config, blocks.join(''))
  const line = parseCommandLine(spec, ['--data', data, '--ssh-config', config])
  const found = await Promise.all(Object.keys(places).map((name) => checkKnownHosts(line, name)))
  expect(found).toEqual([
    { ok: true, text: `${file}, 2 entries` },
    { ok: true, text: '/nowhere/first is not there yet; every host key will be asked for.' },
    { ok: true, text: `${sshd.knownHostsFile}, 1 entry` },
    {
      ok: true,
      text: 'ssh_config names no file for this host: no host key is remembered.',
    },
    {
      ok: false,
      text: `${folder} cannot be read (EISDIR), so no host key can be checked.`,
      hint: 'Correct its owner and rights, or UserKnownHostsFile in ssh_config.',
    },
  ])
})
