/** The examples of docs/guide/alerts.md as they stand there: by the command line, on a real host, with a real receiver. */
import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Farglass, runCli, startFarglass } from '../support/farglass.ts'
import { type Sshd, startSshd } from '../support/sshd.ts'
import { until } from '../support/until.ts'
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts'

const guide = readFileSync(new URL('../../docs/guide/alerts.md', import.meta.url), 'utf8')
let sshd: Sshd
let server: Farglass
let receiver: WebhookReceiver

beforeAll(async () => {
  sshd = await startSshd({ aliases: ['web-1'] })
  const { sshConfigFile } = sshd
  server = await startFarglass({ sshConfigFile, args: ['--webhook-allow', '127.0.0.0/8'] })
  receiver = await startWebhookReceiver()
})

afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  await sshd?.[Symbol.asyncDispose]()
  await receiver?.[Symbol.asyncDispose]()
})

/** The block of the guide that begins so, with its webhooks led to the receiver. */
function block(language: string, start: string): string {
  const blocks = guide.matchAll(/```(\w+)\n([^]*?)```/g)
  const found = [...blocks].find(([, name, text]) => name === language && text?.startsWith(start))
  const text = found?.[2] ?? ''
  expect(text).not.toBe('')
  return text.replaceAll(/https:\/\/[^'\s]+/g, (url) => `${receiver.url}/${new URL(url).hostname}`)
}

function file(name: string, text: string): string {
  const path = join(sshd.directory, name)
  writeFileSync(path, text)
  return path
}

/** What a command prints, once it has gone well. Each takes its time on a busy machine. */
async function farglass(...args: string[]): Promise<string> {
  const env = { FARGLASS_DATA: server.dataDirectory }
  const { status, stdout, stderr } = await runCli(args, { env })
  expect([args, status, stderr]).toEqual([args, 0, stderr])
  return stdout.toString()
}

test('the alerts of the guide are stored, tested and fire, and what is signed is known by its receiver', async () => {
  const errors = file('app-errors.yaml', block('yaml', 'name: app-errors'))
  expect(await farglass('alerts', 'preview', errors)).toContain('"unfurl_links":false')
  await farglass('alerts', 'put', errors)
  expect(await farglass('alerts', 'test', 'app-errors')).toMatch(
    /slack .*delivered.*\n.*json .*deliv/,
  )
  await farglass('alerts', 'put', file('failed.yaml', block('yaml', 'name: backup-failed')))
  // What is shown can be put back, and its addresses stay.
  const shown = await farglass('alerts', 'show', 'app-errors', '--json')
  expect(shown).not.toContain('hooks.slack.com/')
  await farglass('alerts', 'put', file('again.json', shown))
  expect(await farglass('alerts', 'list')).toMatch(/app-errors +on +0/)

  const command = 'for i in 1 2 3 4 5; do echo "ERROR $i"; done; : tail -F /var/log/app.log'
  await server.api.start({ target: 'web-1', source: { kind: 'command', command } })
  const message = await until('the alert is told', () =>
    receiver.received.find(({ body }) => body.includes('"kind":"lines"')),
  )
  expect(JSON.parse(message.body)).toMatchObject({ alert: 'app-errors', count: 5 })
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  expect(await farglass('alerts', 'list')).toContain(` LAST (${zone}) `)
  expect(await farglass('alerts', 'show', 'app-errors')).toMatch(
    new RegExp(`^Times +${zone}$`, 'm'),
  )
  const code = file('verify.mjs', block('js', 'import { createHmac'))
  const { isFromFarglass } = await import(pathToFileURL(code).href)
  expect(isFromFarglass(message.headers, message.body, 'a-long-key-of-your-own')).toBe(true)
  expect(isFromFarglass(message.headers, `${message.body} `, 'a-long-key-of-your-own')).toBe(false)
})

test('the schedule of the guide is previewed and stored', async () => {
  const nightly = file('nightly.yaml', block('yaml', 'name: nightly-report'))
  const times = await farglass('schedules', 'preview', nightly)
  expect(times).toMatch(/^(?:[-0-9]{10} 02:30:00 Europe\/Berlin\n){5}$/)
  await farglass('schedules', 'put', nightly)
  expect(await farglass('schedules', 'show', 'nightly-report')).toContain(
    '30 2 * * 1-5 (Europe/Berlin)',
  )
  await farglass('schedules', 'remove', 'nightly-report')
  expect(await farglass('schedules', 'list', '--json')).toBe('')
})

test('the request of the guide starts the saved command of its trigger', async () => {
  const parameters = ['service', 'branch', 'stage'].map((name) => ({ name, kind: 'text' }))
  const source = { kind: 'command', command: 'echo "$service from $branch to $stage"' }
  const saved = { name: 'deploy-app', target: 'web-1', source, parameters }
  await farglass('saved', 'put', file('deploy-app.yaml', JSON.stringify(saved)))
  const put = ['triggers', 'put', file('deploy.yaml', block('yaml', 'name: deploy\n')), '--json']
  const { secret } = JSON.parse(await farglass(...put))
  const payload = file('payload.json', '{"repository":{"name":"api"}}')
  const tested = await farglass('triggers', 'test', 'deploy', payload)
  expect(tested).toMatch(/service +api\n.*branch +main|branch +main\n.*service +api/)

  const env = { ...process.env, KEY: secret, FARGLASS: server.url }
  const { stdout } = await promisify(execFile)('bash', ['-c', block('sh', 'body=')], { env })
  const { run } = JSON.parse(stdout)
  await until('the run ends', async () => (await server.api.get(run)).state === 'ended')
  const { lines } = await server.api.lines(run, 0, 10)
  expect(lines.map(({ text }) => text)).toContain('api from main to prod')
})
