/** The test sshd itself: what other tests stand on. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { isAlive } from '../support/proc.ts'
import { startSshd } from '../support/sshd.ts'
import { canMakeUsers } from '../support/throwaway-user.ts'
import { until } from '../support/until.ts'

const run = promisify(execFile)

test('the alias of its ssh_config logs in with the authorised key and a known host key', async () => {
  await using sshd = await startSshd({ aliases: ['web-1', 'web-2'] })
  const args = ['-F', sshd.sshConfigFile, '-o', 'BatchMode=yes']
  const { stdout } = await run('ssh', [...args, 'web-2', 'echo $FARGLASS_TEST_HOST'])
  expect(stdout).toMatch(/^[0-9a-f]{16}\n$/)
  expect(sshd.processes()).toEqual([])
})

test('its sessions and what they left running can be found and killed', async () => {
  const sshd = await startSshd()
  const args = ['-F', sshd.sshConfigFile, sshd.alias, 'exec sleep 1000']
  const ssh = spawn('ssh', args, { stdio: 'ignore' })
  await until('it runs', () => sshd.processes().some(({ command }) => command === 'sleep 1000'))
  await sshd.stopListener()
  expect(sshd.sessions()).not.toEqual([])
  expect(await sshd.killSessions()).toBeGreaterThan(0)
  expect(sshd.sessions()).toEqual([])
  const left = sshd.processes()
  await sshd[Symbol.asyncDispose]()
  if (ssh.exitCode === null) await once(ssh, 'exit')
  expect(left.filter(({ pid }) => isAlive(pid))).toEqual([])
})

test.runIf(canMakeUsers)('a throwaway user has a home and is gone afterwards', async () => {
  const sshd = await startSshd({ passwordUser: true })
  const name = sshd.passwordUser?.name ?? ''
  expect((await run('id', ['-un', name])).stdout.trim()).toBe(name)
  await sshd[Symbol.asyncDispose]()
  await expect(run('id', [name])).rejects.toThrow(/no such user/)
})
