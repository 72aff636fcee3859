/** The inventory: hosts from ssh_config, a file and the API as one, used by runs, and checked. */
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { HostCheck } from '../../src/shared/protocol/hosts.ts'
import {
  type Farglass,
  makeDataDirectory,
  runCli,
  startCli,
  startFarglass,
} from '../support/farglass.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { type Sshd, startSshd } from '../support/sshd.ts'
import { until } from '../support/until.ts'

let sshd: Sshd
let server: Farglass
let data = ''
let file = ''

beforeAll(async () => {
  sshd = await startSshd({ aliases: ['web-1', 'web-2'] })
  data = await makeDataDirectory()
  file = join(data, 'inventory.yaml')
  await writeFile(
    file,
    [
      'hosts:',
      '  web-1: {tags: [env:prod]}',
      '  box: {destination: web-2, groups: [web], note: behind the alias}',
      'groups:',
      '  web: {hosts: "web-[1-2]", confirm: true}',
    ].join('\n'),
  )
  server = await startFarglass({ sshConfigFile: sshd.sshConfigFile, dataDirectory: data })
})

afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  await sshd?.[Symbol.asyncDispose]()
  if (data !== '') await removeFolder(data)
})

const { signal } = new AbortController()

async function outputOf(target: string): Promise<readonly string[]> {
  const { stdout } = await runCli(['run', target, '--yes', '--data', data, '--', 'echo here'])
  return stdout
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/ *│.*/, ''))
    .toSorted()
}

describe('the inventory', () => {
  test('joins ssh_config and its file, each host once with all that is said of it', async () => {
    const { hosts, complaints } = await server.api.hosts()
    expect(complaints).toEqual([])
    const about = hosts.map(({ name, groups, tags, destination, note, sources }) => [
      name,
      groups,
      tags,
      destination,
      note,
      sources.map((source) => ('file' in source ? `${source.kind}:${source.line}` : source.kind)),
    ])
    const configLine = (name: string) =>
      hosts.find((host) => host.name === name)?.config?.line ?? 'none'
    expect(about).toEqual([
      ['web-1', ['web'], ['env:prod'], null, null, [`ssh-config:${configLine('web-1')}`, 'file:2']],
      ['web-2', ['web'], [], null, null, [`ssh-config:${configLine('web-2')}`, 'file:5']],
      ['box', ['web'], [], 'web-2', 'behind the alias', ['file:3']],
    ])
    const { groups } = await server.api.hostGroups()
    expect(groups).toEqual([{ name: 'web', hosts: ['web-1', 'web-2', 'box'], confirm: true }])
  })

  test('is previewed: hosts, count, folded, what asks for confirmation, and what is wrong', async () => {
    expect(await server.api.target('@web!box')).toEqual({
      hosts: ['web-1', 'web-2'],
      count: 2,
      folded: 'web-[1-2]',
      confirm: ['web'],
    })
    const wrong = await server.api.target('box,@wbe')
    expect(wrong).toMatchObject({ count: 0, complaint: { hint: 'Did you mean "@web"?' } })
    expect(wrong.complaint?.message).toContain('Column 5')
  })

  test('a run on a group has one task for each host, and ssh goes where the inventory says', async () => {
    expect(await outputOf('@web,web-1')).toEqual(['box', 'web-1', 'web-2'])
    const [run] = await server.api.listWhole({ limit: 1 })
    expect(run?.target).toBe('@web,web-1')
    expect(run?.tasks.map(({ host, destination }) => [host, destination])).toEqual([
      ['web-1', undefined],
      ['web-2', undefined],
      ['box', 'web-2'],
    ])
    expect(await outputOf(`${sshd.user}@box`)).not.toEqual([''])
  })

  test('takes hosts by the API, and refuses what is no host, and every option of ssh', async () => {
    const added = await server.api.putHost('new-1', {
      destination: `${sshd.user}@web-1`,
      groups: ['fresh'],
      tags: ['env:test'],
      note: 'added by a test',
    })
    expect(added).toMatchObject({ name: 'new-1', sources: [{ kind: 'added' }] })
    expect(await outputOf('@fresh,@env:test')).not.toEqual([''])
    expect(await server.api.target('@env:*')).toMatchObject({ hosts: ['web-1', 'new-1'] })
    const put = (name: string, body: object) => server.api.putHost(name, body)
    await expect(put('-oProxyCommand=x', {})).rejects.toMatchObject({ code: 'bad-target' })
    await expect(put('a', { destination: '-oProxyCommand=x' })).rejects.toThrow('no place that ssh')
    await expect(put('a', { proxyCommand: 'x' })).rejects.toMatchObject({ code: 'bad-request' })
    await expect(put('a', { groups: ['@x'] })).rejects.toMatchObject({ code: 'bad-request' })
    await server.api.removeHost('new-1')
    await expect(server.api.removeHost('new-1')).rejects.toMatchObject({ code: 'not-found' })
    await expect(server.api.removeHost('web-1')).rejects.toThrow('No host "web-1" was added here')
    expect((await server.api.target('@fresh')).complaint?.message).toContain('no group "@fresh"')
  })

  test('checks all hosts of a target, and keeps what was found: way, key, login, shell and clock', async () => {
    const found: HostCheck[] = []
    for await (const check of server.api.checkHosts('@web,127.0.0.1:1', signal)) found.push(check)
    expect(Object.fromEntries(found.map(({ name, ok }) => [name, ok]))).toEqual({
      '127.0.0.1:1': false,
      box: true,
      'web-1': true,
      'web-2': true,
    })
    const { hosts } = await server.api.hosts()
    const kept = hosts.find(({ name }) => name === 'box')?.check
    expect(kept).toMatchObject({ reachable: true, keyKnown: true, signsIn: true, durable: true })
    expect(kept?.shell).toMatch(/^\/.*sh$/)
    expect(Math.abs(kept?.clockOffsetMs ?? Number.NaN)).toBeLessThan(10_000)
    expect(found.find(({ name }) => name === '127.0.0.1:1')).toMatchObject({
      reachable: false,
      keyKnown: null,
      message: expect.stringContaining('Nobody listens'),
    })
    const refused = async () => {
      for await (const _ of server.api.checkHosts('@nobody', signal));
    }
    await expect(refused()).rejects.toMatchObject({ code: 'bad-target' })
  })

  test('is shown, added to and checked from the command line', async () => {
    const hosts = async (...words: string[]) => {
      const { stdout, stderr, status } = await runCli(['hosts', ...words, '--data', data])
      return { text: stdout.toString(), stderr, status }
    }
    expect((await hosts('@web')).text).toMatch(
      /^web-1 +@web @env:prod +ok \d{4}-.*inventory\.yaml:2/m,
    )
    expect((await hosts('@web!box', '--count')).text).toBe('web-[1-2] (2 hosts)\n')
    expect((await hosts('--groups')).text).toBe('@web  3 hosts  web-[1-2],box  asks before a run\n')
    const labels = ['--group', 'fresh', '--tag', 'env:test']
    const added = await hosts('add', 'new-[1-2]', '--destination', 'web-[1-2]', ...labels)
    expect(added.stderr).toBe('farglass: new-[1-2]: added.\n')
    const one = await hosts('new-1')
    expect(one.text).toContain('Destination     web-1\nGroups, tags    @fresh @env:test\n')
    const json: { name: string; sources: object[] } = JSON.parse(
      (await hosts('new-2', '--json')).text,
    )
    expect(json).toMatchObject({ name: 'new-2', sources: [{ kind: 'added' }] })
    const checked = await hosts('@fresh,127.0.0.1:1', '--check')
    expect(checked.text).toMatch(/^ok {4}new-1 +durable runs, \/\S+, clock right$/m)
    expect(checked.text).toMatch(/^FAIL {2}127\.0\.0\.1:1 {2}Nobody listens/m)
    expect([checked.stderr, checked.status]).toEqual(['farglass: 2 ok · 1 failed\n', 1])
    const ini = join(data, 'hosts.ini')
    await writeFile(ini, '[fresh]\nnew-3 ansible_host=web-1\n')
    expect((await hosts('import', ini)).stderr).toBe(`farglass: 1 host of ${ini}: added.\n`)
    expect((await hosts('@fresh', '--count')).text).toBe('new-[1-3] (3 hosts)\n')
    expect((await hosts('remove', 'new-[1-3]')).status).toBe(0)
    const gone = await hosts('@fresh')
    expect([gone.status, gone.stderr]).toEqual([2, expect.stringContaining('no group "@fresh"')])
    expect((await hosts('remove', 'web-1')).stderr).toContain('No host "web-1" was added here')
  })

  test('a group that wants to be asked for keeps a run from starting until a person agrees', async () => {
    const run = (...words: string[]) =>
      runCli(['run', '@web', ...words, '--data', data, '--', 'echo here'], { tty: false })
    const dry = await run('--dry-run')
    expect(dry.stdout.toString()).toBe('web-[1-2],box (3 hosts)\n')
    const agreed = await run('--yes')
    expect(agreed.stdout.toString().split('\n').toSorted()[1]).toBe('box   │ here')
    const asked = startCli(['run', '@web', '--data', data, '--', 'echo here'], { tty: true })
    await until('it asks', () => asked.stdout().includes('A command on @web is to be confirmed'))
    asked.type('no\r')
    const refused = await asked.done
    expect(refused.stdout.toString()).toContain('Nothing was done.')
    expect(refused.stdout.toString()).not.toContain('here\r')
    const id = (await server.api.list({ limit: 1 }))[0]?.id ?? ''
    const again = startCli(['rerun', id, '--data', data], { tty: true })
    await until('it asks', () => again.stdout().includes('Type yes to go on: '))
    again.type('yes\r')
    expect((await again.done).stdout.toString().match(/│ here/g)).toHaveLength(3)
    const unattended = await runCli(['rerun', id, '--data', data], { tty: false })
    expect([unattended.status, unattended.stderr]).toEqual([
      2,
      expect.stringContaining('Say --yes'),
    ])
  })

  test('who asks the API for such a group is told what to confirm, by whatever name of its hosts', async () => {
    const source = { kind: 'command', command: 'echo here' } as const
    for (const target of ['@web', 'web-1', 'nobody@web-1', 'root@box:22', '*-2!web-1']) {
      await expect(server.api.start({ target, source })).rejects.toMatchObject({
        code: 'confirmation-needed',
        message: expect.stringMatching(
          /^A command on @web is to be confirmed: it runs on \d hosts? /,
        ),
        hint: expect.stringContaining('"confirm": true'),
      })
    }
    const { id } = await server.api.start({ target: 'web-1', source, confirm: true })
    await expect(server.api.rerun(id, {})).rejects.toMatchObject({ code: 'confirmation-needed' })
    await server.api.rerun(id, { confirm: true })
    const followed = { kind: 'files', paths: ['/etc/hostname'] } as const
    await server.api.stop((await server.api.start({ target: 'web-1', source: followed })).id)
    const put = async (start: object) => {
      const body = JSON.stringify({
        cron: '0 0 1 1 *',
        start: { target: '@web', source, ...start },
      })
      const headers = { 'content-type': 'application/json' }
      return server.api.request('/api/v1/schedules/nightly', { method: 'PUT', headers, body })
    }
    await expect(put({})).rejects.toMatchObject({ code: 'confirmation-needed' })
    expect((await put({ confirm: true })).status).toBe(200)
    const form = new URLSearchParams({ host: 'web-1', command: 'echo here' })
    const article = await fetch(`${server.url}/run`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.token}` },
      body: form,
    })
    expect(article.status).toBe(409)
  })

  test('is read anew when its file changes; while that is wrong, what it said before is used', async () => {
    await writeFile(file, 'groups:\n  edge: web-1\n')
    expect(await server.api.target('@edge')).toMatchObject({ hosts: ['web-1'] })
    await writeFile(file, 'groups:\n  edge: {hosst: web-2}\n')
    const { complaints } = await server.api.hosts()
    expect(complaints[0]).toContain(`${file}, line 2: the group "edge" has no "hosst"`)
    expect(await server.api.target('@edge')).toMatchObject({ hosts: ['web-1'] })
    await rm(file)
    await until(
      'the group is gone',
      async () => (await server.api.hostGroups()).groups.length === 0,
    )
  })

  test('a file of Ansible is taken as it is; one that is wrong from the start is told with its line', async () => {
    const other = await makeDataDirectory()
    const ini = join(other, 'hosts')
    const env = { FARGLASS_INVENTORY: ini }
    const run = (target: string) =>
      runCli(
        ['run', target, '--data', other, '--ssh-config', sshd.sshConfigFile, '--', 'echo here'],
        { env },
      )
    await writeFile(ini, '[app]\nnode[1:2] ansible_host=web-1\n[all_of_it:children]\napp\n')
    const result = await run('@all_of_it')
    expect(result.stdout.toString().split('\n').toSorted()).toEqual([
      '',
      'node1 │ here',
      'node2 │ here',
    ])
    await writeFile(ini, '[app]\nnode[2:1]\n')
    const wrong = await run('web-1')
    expect(wrong.stderr).toContain(`${ini}, line 2: "[2:1]" is not a range`)
    expect(wrong.status).not.toBe(0)
    const told = expect.stringContaining(`${ini}, line 2: "[2:1]" is not a range`)
    const serve = await runCli(['serve', '--data', other, '--port', '0'], { env })
    expect([serve.status, serve.stderr]).toEqual([1, told])
    const doctor = await runCli(['doctor', '--data', other], { env })
    expect([doctor.status, doctor.stdout.toString()]).toEqual([1, told])
    await removeFolder(other)
  })
})
