/** `farglass run --sudo` against a real sshd and a real sudo, as a user with a password. Needs root, to make that user. */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeDataDirectory, runCli, startCli } from '../support/farglass.ts'
import { filesBelow } from '../support/files-below.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { type Sshd, startSshd } from '../support/sshd.ts'
import { canMakeUsers } from '../support/throwaway-user.ts'
import { until } from '../support/until.ts'

describe.runIf(canMakeUsers)('farglass run --sudo', () => {
  let data = ''
  let sudoers = ''
  let password = ''
  let sshd: Sshd
  let args: readonly string[] = []

  beforeAll(async () => {
    data = await makeDataDirectory()
    sshd = await startSshd({ aliases: ['web-1', 'web-2'], passwordUser: true })
    const { name = '' } = sshd.passwordUser ?? {}
    password = sshd.passwordUser?.password ?? ''
    sudoers = `/etc/sudoers.d/${name}`
    writeFileSync(sudoers, `${name} ALL=(ALL:ALL) ALL\n`, { mode: 0o440 })
    const target = `${name}@web-1,${name}@web-2`
    args = ['run', '--data', data, '--ssh-config', sshd.sshConfigFile, '--sudo', target]
  })
  afterAll(async () => {
    rmSync(sudoers, { force: true })
    await sshd[Symbol.asyncDispose]()
    await removeFolder(data)
  })

  const isRoot = ['--', 'id -un']
  const ofRoot = /web-1 +│ root$[^]*web-2 +│ root$|web-2 +│ root$[^]*web-1 +│ root$/m

  test('asks for the password once for all hosts, shows and stores nothing of it', async () => {
    const cli = startCli([...args, ...isRoot], { tty: true })
    await until('it asks', () => cli.stdout().includes('password'))
    cli.type(`${password}\r`)
    const { stdout, status } = await cli.done
    const shown = stdout.toString().replaceAll('\r', '')
    expect(status).toBe(0)
    expect(shown).toMatch(ofRoot)
    expect(shown.match(/sudo password/g)).toHaveLength(1)
    expect(shown).not.toContain(password)
    expect(filesBelow(data).filter((text) => text.includes(password))).toEqual([])
  })

  test('takes it from a file where there is no terminal, and says so when it is wrong', async () => {
    const file = join(data, 'password')
    writeFileSync(file, `${password}\n`)
    const flag = ['--sudo-password-file', file]
    const right = await runCli([...args, ...flag, ...isRoot])
    expect(right.stdout.toString()).toMatch(ofRoot)
    expect(right.status).toBe(0)
    writeFileSync(file, 'wrong\n')
    const wrong = await runCli([...args, ...flag, ...isRoot])
    expect(wrong.stderr).toContain('did not accept the password of --sudo-password-file')
    expect(wrong.status).toBe(255)
    const none = await runCli([...args, ...isRoot])
    expect(none.stderr).toContain('Give --sudo-password-file FILE')
    expect(none.status).toBe(255)
  })
})
