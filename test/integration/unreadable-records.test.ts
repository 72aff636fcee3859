/** What people keep under names and cannot be read any more: said by `farglass doctor`, and put right as it says. */
import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts'
import { keepsAll } from '../../src/shared/retention.ts'
import { makeDataDirectory, runCli } from '../support/farglass.ts'

let data = ''

beforeAll(async () => {
  data = await makeDataDirectory()
})

afterAll(() => rm(data, { recursive: true, force: true }))

const stored = [
  ['saved-command', 'uptime', '{"name":"uptime","source":{"kind":"command","command":"uptime"}}'],
  ['saved-command', 'backup', '{"name":"backup","source":{"kind":"spell"}}'],
  ['alert', 'errors', '{'],
  ['schedule', 'nightly', '[]'],
  ['trigger', 'deploy', '{"madeBy":"a newer one"}'],
  ['host', 'web-1', '7'],
  [
    'setting',
    'retention',
    '{"ageMs":5,"bytesMax":null,"runsMax":null,"rowAgeMs":null,"keep":"all"}',
  ],
  // Of Farglass itself, which begins anew with these.
  ['setting', 'retention-turn', '"?"'],
  ['schedule-trace', 'nightly', '{'],
] as const

async function keepThem(): Promise<void> {
  await using store = await openSqliteStore({ directory: data, sync: 'full' })
  for (const [kind, name, body] of stored) await store.records.put({ kind, name, body })
}

async function recordsFound(): Promise<readonly string[]> {
  const { stdout } = await runCli(['doctor', '--data', data])
  return [...stdout.toString().matchAll(/^(?:ok|FAIL) +records: (.*(?:\n {8}.*)?)$/gm)].map(
    ([, text = '']) => text,
  )
}

test('doctor names each record that cannot be read, why, and what to do, which puts all right', async () => {
  await keepThem()
  const found = await recordsFound()
  expect(found).toHaveLength(6)
  const said = found.join('\n')
  expect(said).toMatch(/the saved command "backup" is damaged.*: the field "source/)
  expect(said).toMatch(/the alert "errors" is damaged.*: it is no JSON\.\n +Remove it with/)
  expect(said).toMatch(/the schedule "nightly" is damaged/)
  expect(said).toMatch(/the trigger "deploy" is damaged/)
  expect(said).toMatch(/the added host "web-1" is damaged/)
  expect(said).toMatch(/the setting "retention" is damaged.*: the field "keep" is not known here\./)
  const remedies = [...said.matchAll(/Remove it with "farglass ([^"]+)"/g)]
  expect(remedies).toHaveLength(5)
  const done = await Promise.all(
    remedies.map(([, words = '']) => runCli([...words.split(' '), '--data', data])),
  )
  expect(done.map(({ status }) => status)).toEqual([0, 0, 0, 0, 0])
  expect(await recordsFound()).toEqual([expect.stringContaining('the setting "retention"')])
})

test('a retention policy that cannot be read is left alone until somebody sets one anew', async () => {
  const retention = (...words: string[]) => runCli(['retention', ...words, '--data', data])
  const refused = await retention('set', '--age', '30d')
  expect(refused.status).toBe(1)
  expect(refused.stderr).toMatch(/is damaged.*"farglass retention set --anew" and every bound/)
  const tried = await retention('set', '--anew', '--age', '30d', '--dry-run')
  expect([tried.status, tried.stderr]).toEqual([0, expect.stringContaining('would remove nothing')])
  expect((await retention('show')).status).toBe(1)
  expect((await retention('set', '--anew', '--age', '30d')).status).toBe(0)
  const shown = await retention('show', '--json')
  expect(JSON.parse(shown.stdout.toString())).toEqual({ ...keepsAll, ageMs: 30 * 86_400_000 })
  expect(await recordsFound()).toEqual([expect.stringMatching(/^all 2 can be read: /)])
})
