/** Hosts whose SSH server is not OpenSSH: what counts is what RFC 4254 says, not what sshd does. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RemoteHost } from '../../src/core/remote/remote-host.ts'
import { durableMode } from '../../src/core/runs/modes/durable-mode.ts'
import { plainMode } from '../../src/core/runs/modes/plain-mode.ts'
import { ptyMode } from '../../src/core/runs/modes/pty-mode.ts'
import { type Dropbear, startDropbear } from '../support/dropbear.ts'
import { membersOf, runToEnd, startRun } from '../support/held-run.ts'
import { type SshClient, startClient } from '../support/ssh-client.ts'
import { until } from '../support/until.ts'

const modes = [
  ['plain', plainMode],
  ['pty', ptyMode],
  ['durable', durableMode],
] as const
let dropbear: Dropbear
let client: SshClient
let host: RemoteHost

beforeAll(async () => {
  dropbear = await startDropbear()
  client = await startClient(dropbear.sshConfigFile)
  host = await client.connect(dropbear.alias, { answers: ['trust'] })
})

afterAll(async () => {
  await client?.[Symbol.asyncDispose]()
  await dropbear?.[Symbol.asyncDispose]()
})

describe.each(modes)('over Dropbear, %s', (name, mode) => {
  test('output and exit code come back', async () => {
    const said = await runToEnd({ host, mode, command: 'echo out; echo err >&2; exit 42' })
    const all = name === 'pty' ? ['out\nerr\n', ''] : ['out\n', 'err\n']
    expect([said.out, said.err, said.code, said.kinds.at(-1)]).toEqual([...all, 42, 'finished'])
  })

  test('a stop ends the whole group, with proof', async () => {
    await using run = await startRun({ host, mode, command: 'sleep 1000 & echo ready; sleep 1001' })
    await run.shows('ready')
    expect(await run.stop(5_000)).toMatchObject({ kind: 'empty', killed: false })
    expect((await run.done).kinds.at(-1)).toBe('finished')
    expect(membersOf(run.said.pid)).toEqual([])
  })
})

test('over Dropbear a plain command goes on until nothing holds its output, and nothing of it stays', async () => {
  const command = 'sleep 1000 >/dev/null 2>&1 & (sleep 0.5; echo late) & echo now; exit 4'
  const said = await runToEnd({ host, mode: plainMode, command })
  expect(said).toMatchObject({ out: 'now\nlate\n', code: 4 })
  await until('nothing is left', () => membersOf(said.pid).length === 0)
})
