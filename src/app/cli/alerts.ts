/** `farglass alerts`: what is watched in runs, and who is told. */

import { displayText } from '../../shared/display.ts'
import type { Alert, Delivery } from '../../shared/protocol/alerts.ts'
import type { CommandSpec } from './command-line.ts'
import { connectionFlags } from './connect.ts'
import { type CliContext, onStopSignal } from './context.ts'
import { type NamedCommand, type NamedWork, readDocuments, runNamed } from './named-command.ts'
import { localZone, shortTime, timeTitle } from './short-time.ts'
import { factsText } from './table-text.ts'

export const spec: CommandSpec = {
  name: 'alerts',
  usage: 'list | show NAME | put FILE | remove NAME | test NAME | preview FILE | watch [NAME]',
  summary: 'have matching lines, or the end of runs, told to Slack, Discord, ntfy or any webhook',
  flags: {
    json: { value: null, help: 'one JSON object per alert, message or firing' },
    ...connectionFlags,
  },
  examples: [
    ['farglass alerts put errors.yaml', 'stores the alert of the file; "-" reads standard input'],
    [
      'farglass alerts test errors',
      'sends an example to each of its webhooks, and says what came of it',
    ],
    ['farglass alerts preview errors.yaml', 'what would be sent; sends nothing'],
    ['farglass alerts show errors', 'how often it has fired, and the last messages'],
    ['farglass alerts watch', 'prints what fires from now on, on every node, as it does'],
  ],
  notes: [
    'How an alert is written: docs/guide/alerts.md. A webhook without "url" keeps the one that it has: addresses are never shown.',
    'Alerts act in "farglass serve". Exit status of "test": 1 when a message was not taken.',
  ],
}

const command: NamedCommand<Alert> = {
  spec,
  api: ({ alerts }) => alerts,
  shownOnly: ['fired', 'held', 'skipped', 'firings', 'deliveries', 'host', 'hasSecret'],
  head: ['NAME', 'STATE', 'FIRED', timeTitle('LAST'), 'TELLS'],
  row: ({ name, enabled, fired, firings: [last], webhooks, desktop }) => [
    name,
    enabled ? 'on' : 'off',
    String(fired),
    last === undefined ? '–' : shortTime(last.time),
    [...webhooks.map(({ kind, host }) => `${kind} ${host}`), ...(desktop ? ['browsers'] : [])].join(
      ', ',
    ),
  ],
  text: shownText,
  words: {
    test: { needs: ['a NAME'], run: test },
    preview: { needs: ['a FILE'], run: preview },
    watch: { needs: [], most: 1, run: watch },
  },
}

export function run(args: readonly string[], context: CliContext): Promise<number> {
  return runNamed(command, args, context)
}

async function test({ words: [name = ''], automation, isJson, print, context }: NamedWork) {
  const deliveries = await automation.alerts.test(name)
  if (deliveries.length === 0) await context.say(`"${name}" has no webhooks to test.`)
  const texts = deliveries.map((each) => (isJson ? JSON.stringify(each) : deliveryText(each)))
  await print(texts.map((text) => `${text}\n`).join(''))
  return deliveries.every(({ state }) => state === 'delivered')
}

async function preview({ words: [file = ''], automation, isJson, print }: NamedWork) {
  for (const { name, body } of await readDocuments(file, command)) {
    for (const each of await automation.alerts.preview(name, body)) {
      const headers = Object.entries(each.headers).map(([key, value]) => `${key}: ${value}\n`)
      const text = `${each.webhook} (${each.kind})\n${headers.join('')}\n${each.body}\n\n`
      await print(isJson ? `${JSON.stringify(each)}\n` : text)
    }
  }
  return true
}

/** Until Ctrl-C, or until nobody reads the output any more. */
async function watch({ words: [name], automation, isJson, print, context }: NamedWork) {
  if (name !== undefined) await automation.alerts.get(name)
  const stop = new AbortController()
  using _interrupt = onStopSignal(() => stop.abort())
  const signal = AbortSignal.any([stop.signal, context.output.closed])
  let state: 'new' | 'live' | 'lost' = 'new'
  for await (const news of automation.alerts.watch(null, signal)) {
    if (news.kind === 'lost') {
      if (state !== 'lost')
        await context.say('the server is away; what fires meanwhile comes later.')
      state = 'lost'
      continue
    }
    if (state === 'new') await context.say('watching what fires from now on; Ctrl-C ends it.')
    state = 'live'
    if (news.missed > 0) {
      await context.say(`${news.missed} more have fired, which the server remembers no longer.`)
    }
    const texts = news.firings
      .filter(({ alert }) => name === undefined || alert === name)
      .map((each) => (isJson ? JSON.stringify(each) : `${each.time}  ${each.title}  ${each.path}`))
    await print(texts.map((text) => `${text}\n`).join(''))
  }
  return true
}

function shownText(alert: Alert): string {
  const { name, enabled, when, count, withinSeconds, cooldownSeconds, webhooks } = alert
  const { fired, held, skipped, firings, deliveries } = alert
  const what = when.kind === 'lines' ? filterText(when.filter) : endText(when)
  const facts = factsText([
    ['Name', name],
    ['State', enabled ? 'on' : 'off'],
    ['Fires on', what],
    ['Of runs', runsText(alert)],
    ['Threshold', `${count} within ${withinSeconds} s, then silent for ${cooldownSeconds} s`],
    ['Tells', webhooks.map(({ id, kind, host }) => `${id} (${kind} at ${host})`).join(', ') || '–'],
    [
      'Fired',
      `${fired === 1 ? 'once' : `${fired} times`}; ${held} matches held back, ${skipped} lines passed over`,
    ],
    ...(firings.length + deliveries.length === 0 ? [] : [['Times', localZone()] as const]),
  ])
  const times = firings.map(({ time, title, path }) => `${shortTime(time)}  ${title}  ${path}\n`)
  const told = deliveries.map((each) => `${deliveryText(each)}\n`)
  return [facts, ...times, ...told].join('')
}

function filterText(filter: Extract<Alert['when'], { kind: 'lines' }>['filter']): string {
  const { texts = [], channels, levels, hosts } = filter
  const parts = [
    ...texts.map(({ text, regex, not }) => {
      const quoted = regex === true ? `/${text}/` : `"${text}"`
      return `${not === true ? 'without ' : ''}${displayText(quoted)}`
    }),
    ...[channels, levels, hosts].flatMap((list) => (list === undefined ? [] : [list.join(' or ')])),
  ]
  return `lines ${parts.join(', ')}`.trimEnd()
}

function endText({ outcomes, exitCodes }: Extract<Alert['when'], { kind: 'end' }>): string {
  const codes = exitCodes === undefined ? '' : ` with exit status ${exitCodes.join(' or ')}`
  return `runs that have ${outcomes.join(' or ')}${codes}`
}

function runsText({ runs: { target, command: text, saved } }: Alert): string {
  const parts = [
    ...(target === undefined ? [] : [`on ${target}`]),
    ...(saved === undefined ? [] : [`of the saved command ${saved}`]),
    ...(text === undefined ? [] : [`with "${text}"`]),
  ]
  return displayText(parts.join(', ')) || 'all'
}

function deliveryText({ time, webhook, host, state, tries, status, problem }: Delivery): string {
  const answer = status === null ? '' : ` (HTTP ${status})`
  const why = problem === null ? '' : `: ${problem}`
  return `${shortTime(time)}  ${webhook} at ${host}  ${state}${answer} after ${tries === 1 ? '1 try' : `${tries} tries`}${why}`
}
