/** One schedule in the list, with its next time and the last ones. */
import type { VNode } from 'preact'
import { displayText } from '../../../shared/display.ts'
import type { Schedule } from '../../../shared/protocol/schedules.ts'
import { sourceText } from '../../../shared/source.ts'
import { alertsText } from '../../i18n/alerts-text.ts'
import { Card } from './card.tsx'
import { RunsOf } from './runs-of.tsx'
import { shortTime } from './short-time.ts'

export function ScheduleCard({ schedule }: { readonly schedule: Schedule }): VNode {
  const s = alertsText.value
  const { name, enabled, cron, timeZone, start, next, history } = schedule
  const { source, saved, target } = start
  const what = source === undefined ? (saved?.name ?? '') : sourceText(source)
  const [first] = next
  const facts = [
    `${cron} (${timeZone})`,
    ...(first === undefined ? [] : [s.nextIs(shortTime(first, timeZone))]),
  ]
  const about = displayText(target === undefined ? what : `${target} · ${what}`)
  return (
    <Card
      tab="schedules"
      name={name}
      enabled={enabled}
      about={about}
      facts={facts}
      ways={<RunsOf by={`schedule:${name}`} name={name} />}
    >
      {history.length > 0 && (
        <div class="alerts-trace">
          <section>
            <h3>{s.history}</h3>
            <ul>
              {history.slice(0, 3).map(({ due, result, run, problem }) => (
                <li key={`${due} ${result}`}>
                  <time dateTime={due}>{shortTime(due, timeZone)}</time>{' '}
                  <span class={result === 'started' ? 'alerts-good' : 'alerts-late'}>
                    {s.results[result]}
                  </span>{' '}
                  {run === null ? problem : <a href={`/runs/${run}`}>{s.openRun}</a>}
                </li>
              ))}
            </ul>
          </section>
        </div>
      )}
    </Card>
  )
}
