/** The run modes over a real sshd: what the wrapper and the connection promise together. */
import { describe, expect, test } from 'vitest'
import { systemClock } from '../../src/adapters/system/clock.ts'
import type { RemoteHost } from '../../src/core/remote/remote-host.ts'
import { plainMode } from '../../src/core/runs/modes/plain-mode.ts'
import { ptyMode } from '../../src/core/runs/modes/pty-mode.ts'
import type { RunMode, SourceEvent } from '../../src/core/runs/modes/run-mode.ts'
import { startClient } from '../support/ssh-client.ts'
import { canHaveTerminals, startSshd } from '../support/sshd.ts'
import { until } from '../support/until.ts'

const modes = [
  ['plain', plainMode],
  ...(canHaveTerminals ? [['pty', ptyMode] as const] : []),
] as const

describe.each(modes)('%s', (_, mode) => {
  test('output and exit code come back', async () => {
    await using sshd = await startSshd()
    await using client = await startClient(sshd.sshConfigFile)
    await using host = await client.connect(sshd.alias)
    await using running = await start(mode, host, 'printf "one\\ntwo"; exit 42')
    const events = await allOf(running.events)
    expect(textOf(events)).toBe('one\ntwo')
    expect(events.at(0)?.kind).toBe('started')
    // The exit may overtake the last output: they come on two channels.
    expect(events).toContainEqual({ kind: 'exited', code: 42 })
    expect(events.at(-1)).toEqual({ kind: 'finished' })
  })

  test('stop ends the whole group on the host, with proof', async () => {
    await using sshd = await startSshd()
    await using client = await startClient(sshd.sshConfigFile)
    await using host = await client.connect(sshd.alias)
    await using running = await start(mode, host, 'sleep 1000 & sleep 1001 & wait')
    const events = allOf(running.events)
    await until('both sleep', () => sleepers(sshd).length === 2)
    expect(await running.stop(2_000)).toMatchObject({ kind: 'empty' })
    expect(sleepers(sshd)).toEqual([])
    expect((await events).at(-1)?.kind).toBe('finished')
  })

  test('letting go of the session leaves nothing on the host', async () => {
    await using sshd = await startSshd()
    await using client = await startClient(sshd.sshConfigFile)
    await using host = await client.connect(sshd.alias)
    const running = await start(mode, host, 'sleep 1000 & sleep 1001')
    const events = running.events[Symbol.asyncIterator]()
    expect(await events.next()).toMatchObject({ value: { kind: 'started' } })
    await until('both sleep', () => sleepers(sshd).length === 2)
    await running[Symbol.asyncDispose]()
    await until('the host is clean', () => sshd.processes().length === 0)
  })

  test('a cut connection is lost with the words of ssh, and the host is clean afterwards', async () => {
    await using sshd = await startSshd()
    await using client = await startClient(sshd.sshConfigFile)
    await using host = await client.connect(sshd.alias)
    await using running = await start(mode, host, 'sleep 1000 & sleep 1001')
    const events = allOf(running.events)
    await until('both sleep', () => sleepers(sshd).length === 2)
    await sshd.killSessions()
    const last = (await events).at(-1)
    expect(last).toMatchObject({ kind: 'lost', error: { code: 'connection-lost' } })
    expect(last?.kind === 'lost' && last.error.message).toContain(`host "${sshd.alias}"`)
    await until('the host is clean', () => sshd.processes().length === 0)
  })
})

function start(mode: (command: string) => RunMode, host: RemoteHost, command: string) {
  const held = { name: 'r1.0', merged: false, nonce: 'n0nce', clock: systemClock }
  return mode(command).start(host, held)
}

function sleepers(sshd: Awaited<ReturnType<typeof startSshd>>) {
  return sshd.processes().filter(({ command }) => /^sleep 100[01]$/.test(command))
}

async function allOf(events: AsyncIterable<SourceEvent>): Promise<SourceEvent[]> {
  const all: SourceEvent[] = []
  for await (const event of events) all.push(event)
  return all
}

function textOf(events: readonly SourceEvent[]): string {
  const pieces = events.flatMap((event) => (event.kind === 'bytes' ? [event.bytes] : []))
  return Buffer.concat(pieces).toString()
}
