/** `farglass schedules`: what is started by the clock. */
import { displayText } from '../../shared/display.ts'
import type { Schedule } from '../../shared/protocol/schedules.ts'
import { sourceText } from '../../shared/source.ts'
import type { CommandSpec } from './command-line.ts'
import { confirmFlags } from './confirmed.ts'
import { connectionFlags } from './connect.ts'
import type { CliContext } from './context.ts'
import { type NamedCommand, type NamedWork, readDocuments, runNamed } from './named-command.ts'
import { shortTime } from './short-time.ts'
import { factsText } from './table-text.ts'

export const spec: CommandSpec = {
  name: 'schedules',
  usage: 'list | show NAME | put FILE | remove NAME | preview FILE',
  summary: 'have runs started by the clock, as cron does',
  flags: {
    json: { value: null, help: 'one JSON object per schedule' },
    ...confirmFlags,
    ...connectionFlags,
  },
  examples: [
    [
      'farglass schedules put nightly.yaml',
      'stores the schedule of the file; "-" reads standard input',
    ],
    ['farglass schedules preview nightly.yaml', 'its next five times; stores nothing'],
    ['farglass schedules show nightly', 'next times, and the runs that it has started'],
  ],
  notes: [
    'How a schedule is written: docs/guide/alerts.md. Schedules act in "farglass serve"; of several servers on one store one starts each run.',
  ],
}

const command: NamedCommand<Schedule> = {
  spec,
  api: ({ schedules }) => schedules,
  shownOnly: ['next', 'waiting', 'history'],
  confirm: (body) => ({
    ...body,
    start: { ...('start' in body && Object(body.start)), confirm: true },
  }),
  head: ['NAME', 'STATE', 'CRON', 'TIME ZONE', 'NEXT', 'LAST'],
  row: ({ name, enabled, cron, timeZone, next: [first], history: [last] }) => [
    name,
    enabled ? 'on' : 'off',
    cron,
    timeZone,
    first === undefined ? '–' : shortTime(first, timeZone),
    last === undefined ? '–' : `${last.result} ${last.run ?? ''}`.trim(),
  ],
  text: shownText,
  words: { preview: { needs: ['a FILE'], run: preview } },
}

export function run(args: readonly string[], context: CliContext): Promise<number> {
  return runNamed(command, args, context)
}

async function preview({ words: [file = ''], automation, isJson, print }: NamedWork) {
  for (const { name, body } of await readDocuments(file, command)) {
    const { next } = await automation.schedules.preview(name, body)
    const zone = zoneOf(body)
    const text = next.map((time) => `${shortTime(time, zone)} ${zone}\n`).join('')
    await print(isJson ? `${JSON.stringify({ name, next })}\n` : text)
  }
  return true
}

/** Of what the server has taken, which goes by UTC when it is not told otherwise. */
function zoneOf(body: object): string {
  return 'timeZone' in body && typeof body.timeZone === 'string' ? body.timeZone : 'UTC'
}

function shownText(schedule: Schedule): string {
  const { name, enabled, cron, timeZone, start, missed, overlap, next, waiting, history } = schedule
  const inZone = (time: string) => shortTime(time, timeZone)
  const facts = factsText([
    ['Name', name],
    ['State', enabled ? 'on' : 'off'],
    ['Times', `${cron} (${timeZone})`],
    ['Starts', startText(schedule)],
    ['On', start.target ?? 'the target of the saved command'],
    ['Missed times', missed === 'skip' ? 'are passed over' : 'are made up for once'],
    [
      'While it runs',
      { skip: 'is not started again', allow: 'is started again', queue: 'waits' }[overlap],
    ],
    ['Next', next.map(inZone).join('\n') || '–'],
    ...(waiting === null ? [] : [['Waiting', inZone(waiting)] as const]),
  ])
  const events = history.map(
    ({ due, result, run: id, problem }) =>
      `${inZone(due)}  ${result}  ${id ?? displayText(problem ?? '')}\n`,
  )
  return [facts, ...events].join('')
}

function startText({ start: { saved, source } }: Schedule): string {
  if (saved !== undefined) return `saved command ${saved.name}`
  return source === undefined ? '–' : sourceText(source)
}
