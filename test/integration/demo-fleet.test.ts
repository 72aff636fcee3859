import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, stat, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DemoFleet, startDemoFleet } from '../../src/adapters/demo/demo-fleet.ts'
import { durableMode } from '../../src/core/runs/modes/durable-mode.ts'
import { plainMode } from '../../src/core/runs/modes/plain-mode.ts'
import { ptyMode } from '../../src/core/runs/modes/pty-mode.ts'
import { membersOf, runToEnd, startRun } from '../support/held-run.ts'
import { poll } from '../support/poll.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { startClient } from '../support/ssh-client.ts'

describe('the demo fleet', () => {
  let directory: string
  let fleet: DemoFleet

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'fg demo-'))
    fleet = await startDemoFleet({ directory })
  })

  afterAll(async () => {
    await fleet[Symbol.asyncDispose]()
    await removeFolder(directory)
  })

  it('lets the real ssh client in, which checks the host key for real', async () => {
    expect(await ssh(fleet, 'web-1', 'hostname; exit 7')).toEqual({
      code: 7,
      out: 'web-1\n',
      err: '',
    })
    const otherHosts = join(directory, 'other_known_hosts')
    const [, second = ''] = (await readFile(join(directory, 'known_hosts'), 'utf8')).split('\n')
    const port = fleet.hosts[0]?.port ?? 0
    await writeFile(otherHosts, second.replace(/:\d+/, `:${port}`))
    const swapped = [`UserKnownHostsFile="${otherHosts}"`]
    const { code, err } = await ssh(fleet, 'web-1', { command: 'hostname', options: swapped })
    expect(code).toBe(255)
    expect(err).toContain('Host key verification failed')
  })

  it('lets nobody in without the key of the fleet', async () => {
    const config = await readFile(fleet.sshConfigFile, 'utf8')
    const otherConfig = join(directory, 'other_config')
    const otherKey = join(directory, 'other_key')
    await promisify(execFile)('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', otherKey])
    await writeFile(otherConfig, config.replace(join(directory, 'id_ed25519'), otherKey))
    const { code, err } = await ssh({ ...fleet, sshConfigFile: otherConfig }, 'web-1', 'hostname')
    expect(code).toBe(255)
    expect(err).toContain('Permission denied (publickey)')
  })

  it('keeps its keys to the user and listens on loopback only', async () => {
    expect((await stat(directory)).mode & 0o777).toBe(0o700)
    expect((await stat(join(directory, 'id_ed25519'))).mode & 0o777).toBe(0o600)
    const { stdout } = await promisify(execFile)('hostname', ['-I'])
    const [outside] = stdout.trim().split(' ')
    if (outside === undefined || outside === '') return
    const port = fleet.hosts[0]?.port ?? 0
    const socket = connect(port, outside)
    await expect(once(socket, 'connect')).rejects.toThrow('ECONNREFUSED')
  })

  it('gives a session a home and programs, and nothing of the environment of the server', async () => {
    const { out } = await ssh(
      fleet,
      'db-1',
      'pwd; echo $HOME; env | cut -d= -f1 | sort | tr "\\n" " "',
    )
    const home = join(directory, 'hosts', 'db-1')
    expect(out).toBe(`${home}\n${home}\nHOME HOSTNAME LANG LOGNAME PATH PWD SHELL TERM USER `)
  })

  it('has programs with colours, JSON, several scripts, a burst and an exit code', async () => {
    const colours = await ssh(fleet, 'web-1', 'app-log 30 --rate 1000 --seed x 2>&1')
    expect(colours.out.split('\n')).toHaveLength(31)
    expect(colours.out).toContain('\u001b[32mINFO')
    const json = await ssh(fleet, 'api-1', 'json-log 5 --rate 1000')
    for (const line of json.out.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('msg')
    expect((await ssh(fleet, 'web-2', 'unicode 1')).out).toContain('你好')
    expect((await ssh(fleet, 'web-2', 'burst 50000 | wc')).out.trim()).toMatch(/^50000 .* 5000000$/)
    expect((await ssh(fleet, 'web-1', 'wc -l < log/app.log')).out).toMatch(/^\d{4}\n$/)
    expect(await ssh(fleet, 'web-1', 'app-log nonsense')).toMatchObject({ code: 2 })
    expect((await ssh(fleet, 'web-1', 'demo-help')).out).toContain('stack-traces')
  })

  it('shows first what fits each host: all hosts, some stderr, text of two scripts', async () => {
    const { target, command } = fleet.firstRun
    expect(target.split(',')).toEqual(fleet.hosts.map(({ name }) => name))
    const said = new Map<string, Finished>()
    for (const name of target.split(',')) {
      said.set(name, await ssh(fleet, name, `${command} 400 --rate 100000 --seed x`))
    }
    expect(said.get('web-1')?.out).toContain('/product/')
    expect(said.get('api-1')?.out).toContain('已付款')
    expect(said.get('api-1')?.err).toContain('\n    at ')
    expect(said.get('worker-1')?.out).toContain('processed job')
    expect(said.get('worker-1')?.err).toContain('Traceback')
    expect(said.get('db-1')?.out).toContain('{"level":')
  })

  it('has logs that grow, and a journal of its own', async () => {
    const following = [
      'tail -n 1 -f log/access.log',
      'tail -n 1 -F log/app.log',
      'journalctl -n 1 -f',
      'journalctl -fn1',
    ].map((command) => ssh(fleet, 'api-1', `${command} | head -n 3`))
    for (const { out, code } of await Promise.all(following)) {
      expect([code, out.trim().split('\n').length]).toEqual([0, 3])
    }
    const journal = await ssh(fleet, 'db-1', 'journalctl -n 400 --no-pager')
    expect(journal.out.split('\n')).toHaveLength(401)
    expect(journal.out).toMatch(/^\w{3} [ \d]\d \d\d:\d\d:\d\d db-1 .*: /)
    expect(journal.out).not.toContain('\u001b')
  })

  it('holds megabytes for a slow reader and loses none', async () => {
    const command =
      'head -c 20000000 /dev/zero; head -c 300000 /dev/zero >&2; printf END; printf END >&2'
    const { out, err } = await ssh(fleet, 'web-1', command)
    expect([out.length, err.length]).toEqual([20_000_003, 300_003])
    expect([out.slice(-3), err.slice(-3)]).toEqual(['END', 'END'])
  })

  it('gives a terminal where the machine has util-linux script', async () => {
    const { out, code } = await ssh(fleet, 'web-1', {
      command: 'test -t 0 && echo terminal; exit 4',
      options: ['RequestTTY=force'],
    })
    expect([out.trim(), code]).toEqual(['terminal', 4])
  })

  it('is a host like any other for plain and terminal runs, with exit code and proven stop', async () => {
    await using client = await startClient(fleet.sshConfigFile)
    await using host = await client.connect('worker-1')
    for (const mode of [plainMode, ptyMode]) {
      expect(await runToEnd({ host, mode, command: 'burst 2000; exit 5' })).toMatchObject({
        code: 5,
      })
      const held = await startRun({ host, mode, command: 'stack-traces' })
      await held.shows('done job=')
      expect(await held.stop(2_000)).toMatchObject({ kind: 'empty' })
      expect((await held.done).kinds.at(-1)).toBe('finished')
    }
    const { firstRun } = fleet
    const first = await startRun({ host, mode: plainMode, command: firstRun.command })
    await first.shows('worker-')
    await first[Symbol.asyncDispose]()
    await first.done
    await poll(() => membersOf(first.said.pid)).toEqual([])
  })

  it('ends what a session has started when the client is killed', async () => {
    const client = spawn('ssh', [
      '-F',
      fleet.sshConfigFile,
      'web-1',
      'echo $$; sleep 60 & sleep 60',
    ])
    const [first] = (await once(client.stdout, 'data')) as [Buffer]
    const group = Number(first.toString())
    client.kill('SIGKILL')
    await poll(() => membersOf(group)).toEqual([])
  })

  it('ends, with all that its sessions have started, when the server is killed', async () => {
    const other = await mkdtemp(join(tmpdir(), 'fg-demo-'))
    const module = new URL('../../src/adapters/demo/demo-fleet.ts', import.meta.url).href
    const script = `import(${JSON.stringify(module)}).then(async ({ startDemoFleet }) => {
      const fleet = await startDemoFleet({ directory: ${JSON.stringify(other)} })
      console.log(fleet.sshConfigFile)
    })`
    const server = spawn(process.execPath, ['--import', 'tsx', '-e', script])
    const [config] = (await once(server.stdout, 'data')) as [Buffer]
    const sshConfigFile = config.toString().trim()
    const command = 'echo $$; trap "" TERM HUP; sleep 60; sleep 60'
    const client = spawn('ssh', ['-F', sshConfigFile, 'web-1', command])
    const [first] = (await once(client.stdout, 'data')) as [Buffer]
    await using ssh = await startClient(sshConfigFile)
    await using host = await ssh.connect('web-2')
    const durable = await startRun({ host, mode: durableMode, command: 'sleep 61' })
    await durable.started()
    server.kill('SIGKILL')
    await once(client, 'exit')
    await poll(() => membersOf(Number(first.toString()))).toEqual([])
    await poll(() => membersOf(durable.said.pid)).toEqual([])
    await durable.done
    await removeFolder(other)
  })
})

interface Finished {
  readonly code: number
  readonly out: string
  readonly err: string
}

async function ssh(
  fleet: DemoFleet,
  host: string,
  what: string | { readonly command: string; readonly options: readonly string[] },
): Promise<Finished> {
  const { command, options } = typeof what === 'string' ? { command: what, options: [] } : what
  const args = [...options.flatMap((option) => ['-o', option]), '-F', fleet.sshConfigFile]
  const child = spawn('ssh', [...args, '-o', 'LogLevel=ERROR', host, command], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const out: Buffer[] = []
  const err: Buffer[] = []
  child.stdout.on('data', (bytes: Buffer) => out.push(bytes))
  child.stderr.on('data', (bytes: Buffer) => err.push(bytes))
  const [code] = (await once(child, 'close')) as [number]
  return { code, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() }
}
