/** A real server on a disk with faults: nothing acknowledged is lost, nothing is shown that is not stored. */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { type Farglass, runCli, startCli, startFarglass } from '../support/farglass.ts'
import { canMount, mountTmpfs } from '../support/small-disk.ts'
import { type Sshd, startSshd } from '../support/sshd.ts'
import { until } from '../support/until.ts'

let sshd: Sshd

beforeAll(async () => {
  sshd = await startSshd({ aliases: ['web-1'] })
})

afterAll(async () => {
  await sshd[Symbol.asyncDispose]()
})

test.runIf(canMount)(
  'F6: a full disk pauses the run, is said everywhere, and every line is there once there is room',
  async () => {
    await using disk = await mountTmpfs(24)
    await using server = await startServer(disk.directory)
    const source = hostFile()
    const { id } = await start(server, source.command)
    const cli = startCli(['attach', '--data', disk.directory, id])
    source.write(1, 50_000)
    await until('they are stored', async () => (await server.api.get(id)).lines === 50_000, 20_000)
    disk.fill()
    source.write(50_001, 150_000)
    const held = await until('the run is paused', async () => {
      const run = await server.api.get(id)
      return run.paused !== null && run
    })
    expect(held).toMatchObject({ state: 'running' })
    expect(held.paused).toContain(`The disk of Farglass is full (data directory ${disk.directory})`)
    await until('the command line says so', () =>
      cli.stderr().includes('farglass: paused: The disk'),
    )
    // New runs are refused with a sentence; what is stored can be read.
    const refused = await runCli(['run', '--data', disk.directory, 'web-1', '--', 'true'])
    expect(refused.stderr).toContain('The disk of Farglass is full')
    expect((await server.api.lines(id, 0, 10)).lines).toHaveLength(10)
    disk.makeRoom()
    source.write(150_001, 160_000)
    source.end()
    const result = await cli.done
    const lines = result.stdout.toString().split('\n')
    expect(lines.slice(0, -1)).toEqual(numbers(1, 160_000))
    expect(result.stderr).toMatch(/resumed after [0-9.]+ s: the disk of Farglass was full/)
    expect(await server.api.get(id)).toMatchObject({ outcome: 'succeeded', lines: 160_000 })
  },
  90_000,
)

function startServer(dataDirectory: string): Promise<Farglass> {
  return startFarglass({ sshConfigFile: sshd.sshConfigFile, dataDirectory })
}

function start(server: Farglass, command: string) {
  return server.api.start({ target: 'web-1', source: { kind: 'command', command } })
}

/** A file on the "host" that a command follows to the line "end". */
function hostFile() {
  const directory = mkdtempSync(join(tmpdir(), 'farglass-source-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const file = join(directory, 'log')
  writeFileSync(file, '')
  return {
    command: `tail -n +1 -f ${file} | sed '/^end$/Q'`,
    write: (from: number, to: number) =>
      appendFileSync(
        file,
        numbers(from, to)
          .map((line) => `${line}\n`)
          .join(''),
      ),
    end: () => appendFileSync(file, 'end\n'),
  }
}

function numbers(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, at) => `line ${from + at}`)
}
