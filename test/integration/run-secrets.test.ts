/** Secrets of a run are in no line, no feed and no store, whatever is cut and whoever carries it on. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { createSecretBox } from '../../src/adapters/system/secret-box.ts'
import { KeptSecrets } from '../../src/core/secrets/kept-secrets.ts'
import { createMemoryStore, type MemoryStore } from '../../src/core/store/memory-store.ts'
import { textsOf } from '../../src/shared/line-group.ts'
import { Secret } from '../../src/shared/secret.ts'
import { testKeptSecrets } from '../support/kept-secrets.ts'
import { type LocalHosts, localHosts } from '../support/local-hosts.ts'
import { command, startRunService } from '../support/run-service.ts'
import { until } from '../support/until.ts'

const canary = 'canary-4f9b1c'
const secrets = new Map([['TOKEN', new Secret(canary)]])
const directory = mkdtempSync(join(tmpdir(), 'fg-run-secrets-'))
afterAll(() => rmSync(directory, { recursive: true }))

function service(hosts: LocalHosts, store: MemoryStore, key?: string) {
  return startRunService(hosts, store, { kept: testKeptSecrets(store.records, key) })
}

async function linesOf(store: MemoryStore, run: string): Promise<string[]> {
  const groups = await store.log.read(run, 0, 1e9)
  return groups.filter(({ channel }) => channel !== 'note').flatMap((group) => textsOf(group))
}

/** Everything that the store would write to its disk. */
async function storedText(store: MemoryStore, run: string): Promise<string> {
  const groups = await store.log.read(run, 0, 1e9)
  const records = await store.records.list('run-secrets')
  const acquired = await store.catalog.get(run)
  return JSON.stringify([groups.map((group) => textsOf(group)), records, acquired])
}

test.each(['durable', 'plain', 'pty'] as const)(
  'a %s command gets its secrets, and nobody sees them in lines, unfinished lines or the run',
  async (mode) => {
    await using hosts = localHosts()
    const store = createMemoryStore()
    await using runs = service(hosts, store)
    const script = `echo "a $TOKEN b"; echo "$TOKEN" | base64; printf 'ask %s >' "$TOKEN"; while [ ! -e '${directory}/${mode}' ]; do sleep 0.1; done; printf %s "$TOKEN" | cut -c1-9 | tr -d '\\n'`
    const { id, secretNames } = await runs.start({ ...command(script, { mode }), secrets })
    expect(secretNames).toEqual(['TOKEN'])
    const seen: unknown[] = []
    const stop = new AbortController()
    for await (const item of runs.follow(id, 0, stop.signal)) {
      seen.push(item)
      if (item.kind === 'partial' && item.text !== '') {
        expect(item.text).toBe('ask [secret] >')
        writeFileSync(join(directory, mode), '')
      }
    }
    expect(await linesOf(store, id)).toEqual([
      'a [secret] b',
      '[secret]=',
      'ask [secret] >[secret]',
    ])
    const { outBytes, state, exitCode } = (await runs.get(id)).tasks[0] ?? {}
    expect({ state, exitCode, outBytes }).toEqual({
      state: 'ended',
      exitCode: 0,
      // Of the source: "canary-4f9b1c" is 13 bytes, and 20 in base64.
      outBytes: 18 + 21 + 19 + 9,
    })
    expect(JSON.stringify(seen)).not.toContain(canary)
    expect(await storedText(store, id)).not.toMatch(/canary-|Y2FuYXJ5/)
    await until(
      'they are forgotten',
      async () => (await store.records.list('run-secrets')).length === 0,
    )
  },
)

test('a durable run that is cut and taken over anywhere gives the same text, with its secrets hidden', async () => {
  const store = createMemoryStore()
  const script = `i=0; while [ $i -lt 60 ]; do printf 'line %s %s%s\\n' $i "$TOKEN" "$TOKEN"; printf 'x%.5s' "$TOKEN"; sleep 0.03; printf "%s$TOKEN\\n" "$(printf %s "$TOKEN" | cut -c6-)"; i=$((i+1)); done`
  const expected = Array.from({ length: 60 }, (_, at) => [
    `line ${at} [secret]`,
    'x[secret]',
  ]).flat()
  await using hosts = localHosts()
  let id = ''
  for (let round = 0; ; round += 1) {
    await using runs = service(hosts, store)
    if (round === 0)
      ({ id } = await runs.start({ ...command(script, { mode: 'durable' }), secrets }))
    else await runs.recover('all')
    const { next } = await runs.get(id)
    await until('it goes on', async () => {
      const run = await runs.get(id)
      return run.next > next + 7 || run.state === 'ended'
    })
    for (const host of hosts.connected) host.sessions.at(-1)?.cut()
    if ((await runs.get(id)).state === 'ended') break
    expect(round).toBeLessThan(60)
  }
  expect(await linesOf(store, id)).toEqual(expected)
  expect(await storedText(store, id)).not.toContain('canary-')
  expect((await store.catalog.get(id))?.gaps).toBe(0)
})

test('who cannot open the secrets of a run does not read its output, and says what to do', async () => {
  const store = createMemoryStore()
  await using hosts = localHosts()
  const script = 'echo one; sleep 1; echo "two $TOKEN"'
  let id = ''
  {
    await using runs = service(hosts, store)
    ;({ id } = await runs.start({ ...command(script, { mode: 'durable' }), secrets }))
    await until('it prints', async () => (await linesOf(store, id)).length === 1)
  }
  await using other = service(hosts, store, 'another.key')
  await other.recover('all')
  const run = await other.get(id)
  expect(run).toMatchObject({ state: 'ended', outcome: 'lost' })
  expect(run.tasks[0]).toMatchObject({ code: 'secret-unreadable' })
  expect(run.tasks[0]?.message).toContain(
    'is not read on. What has been started goes on on the host.',
  )
  expect(run.tasks[0]?.message).toContain('--secret-key-file')
  expect(await linesOf(store, id)).toEqual(['one'])
})

test('a run whose secrets cannot be sealed is not started', async () => {
  const store = createMemoryStore()
  await using hosts = localHosts()
  const box = createSecretBox({ file: '/proc/no/secret.key', origin: 'default' })
  const kept = new KeptSecrets({ records: store.records, box, clock: systemClock })
  await using runs = startRunService(hosts, store, { kept })
  await expect(runs.start({ ...command('true'), secrets })).rejects.toThrow(/^The key file /)
  expect(await runs.list({ limit: 10 })).toEqual([])
  expect(hosts.connected).toEqual([])
})

test.each([
  ['PATH', 'x', 'is a name that the shell'],
  ['LD_PRELOAD', 'x', 'is a name that the shell'],
  ['a-b', 'x', 'is no name of a variable'],
  ['A', '', 'is empty'],
  ['A', 'x\0y', 'holds a NUL'],
  ['A', 'x'.repeat(17_000), 'take 17000 bytes together'],
])('a secret %s=%.9j is refused with a sentence', async (name, value, words) => {
  const store = createMemoryStore()
  await using hosts = localHosts()
  await using runs = service(hosts, store)
  const start = runs.start({ ...command('true'), secrets: new Map([[name, new Secret(value)]]) })
  await expect(start).rejects.toMatchObject({ code: 'bad-secret' })
  await expect(start).rejects.toThrow(words)
})
