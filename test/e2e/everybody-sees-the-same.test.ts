import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { createHttpApi } from '../../src/client/http-api.ts'
import { startChromium } from '../support/chromium.ts'
import { runCli, startCli, startFarglass } from '../support/farglass.ts'
import { startSshd } from '../support/sshd.ts'
import { until } from '../support/until.ts'

const lines = 1_000_000
const command = `seq 1 ${lines}`

/** What `seq` itself prints. */
function truth(): string {
  const hash = createHash('sha256')
  for (let from = 1; from <= lines; from += 10_000) {
    hash.update(Array.from({ length: 10_000 }, (_, at) => `${from + at}\n`).join(''))
  }
  return hash.digest('hex')
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/**
 * Runs inside a page: reads the whole stream as the page's own origin, checks that positions have
 * no hole and no repetition, and gives the hash of the output.
 */
async function readInPage({ run, token }: { run: string; token: string }) {
  const headers = { authorization: `Bearer ${token}` }
  const response = await fetch(`/api/v1/runs/${run}/stream?from=0`, { headers })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  const out: string[] = []
  let cursor = 0
  let faults = 0
  let rest = ''
  for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
    const events = (rest + part.value).split('\n\n')
    rest = events.pop() ?? ''
    for (const event of events) {
      if (!event.includes('event: lines')) continue
      const data = JSON.parse(event.slice(event.indexOf('data: ') + 6))
      if (data.pos !== cursor) faults += 1
      cursor = data.next
      for (const group of data.groups) {
        if (group.channel === 'out') for (const line of group.lines) out.push(line)
      }
    }
  }
  const bytes = new TextEncoder().encode(`${out.join('\n')}\n`)
  const digest = await crypto.subtle.digest('SHA-256', bytes)
  const hash = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0'))
  return { hash: hash.join(''), lines: out.length, faults }
}

test('a million lines come in order and once to the CLI, to three browsers and to a late attach', async () => {
  await using sshd = await startSshd()
  await using server = await startFarglass({ sshConfigFile: sshd.sshConfigFile })
  await using chromium = await startChromium()
  const api = createHttpApi({ baseUrl: server.url, token: server.token })
  const env = { FARGLASS_SERVER: server.url, FARGLASS_TOKEN: server.token }
  // By its link, as people do: a header of the test would not reach the worker that reads the stream.
  const first = await chromium.browser.newPage()
  await first.goto(server.link())
  await first.getByText('Signed in', { exact: true }).first().waitFor()
  const signedIn = await first.context().storageState()
  const printing = startCli(['run', sshd.alias, '--', command], { env })
  const [run] = await until('the run is there', async () => {
    const runs = await api.list()
    return runs.length > 0 && runs
  })
  const watching = await Promise.all(
    [1, 2, 3].map(async () => {
      const context = await chromium.browser.newContext({ storageState: signedIn })
      const page = await context.newPage()
      await page.goto(`${server.url}/runs/${run?.id}`)
      return { page, seen: page.evaluate(readInPage, { run: run?.id ?? '', token: server.token }) }
    }),
  )
  const expected = truth()
  const printed = await printing.done
  expect(printed.status).toBe(0)
  expect(sha256(printed.stdout)).toBe(expected)
  for (const { page, seen } of watching) {
    expect(await seen).toEqual({ hash: expected, lines, faults: 0 })
    await page.getByText(String(lines), { exact: true }).first().waitFor()
    await page.getByText('0 lost · 0 duplicated').first().waitFor()
  }
  const late = await runCli(['attach', run?.id ?? ''], { env })
  expect(late.status).toBe(0)
  expect(sha256(late.stdout)).toBe(expected)
  expect(await api.get(run?.id ?? '')).toMatchObject({ lines, lost: 0, duplicated: 0 })
}, 180_000)
