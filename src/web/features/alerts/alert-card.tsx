/** One alert in the list, with its last firings and messages. */
import { useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { displayText } from '../../../shared/display.ts'
import type { Alert, Delivery } from '../../../shared/protocol/alerts.ts'
import { useApp } from '../../app/app-context.ts'
import { alertsText } from '../../i18n/alerts-text.ts'
import { Problem, useProblem } from '../../ui/problem.tsx'
import { automationApi, loadAutomation } from './automation-lists.ts'
import { Card } from './card.tsx'
import { shortTime } from './short-time.ts'

export function AlertCard({ alert }: { readonly alert: Alert }): VNode {
  const s = alertsText.value
  const { name, enabled, fired, held, skipped, webhooks, desktop } = alert
  const facts = [
    fired === 0 ? s.neverFired : s.fired(fired),
    ...(held > 0 ? [s.held(held)] : []),
    ...(skipped > 0 ? [s.skipped(skipped)] : []),
    ...webhooks.map(({ kind, host }) => `${s.kindNames[kind]} ${host}`),
    ...(desktop ? [s.browsers] : []),
  ]
  return (
    <Card
      tab="alerts"
      name={name}
      enabled={enabled}
      about={aboutAlert(alert)}
      facts={facts}
      ways={(webhooks.length > 0 || desktop) && <TestButton name={name} />}
    >
      <Trace alert={alert} />
    </Card>
  )
}

/** What it fires on, in one line. */
function aboutAlert({ when, runs, count, withinSeconds }: Alert): string {
  const s = alertsText.value
  const what =
    when.kind === 'end'
      ? [`${s.onEnd}: ${when.outcomes.map((each) => s.outcomeNames[each]).join(', ')}`]
      : [
          (when.filter.texts ?? [])
            .map(({ text, regex }) => (regex ? `/${text}/` : text))
            .join(' '),
          ...(when.filter.levels ?? []),
          ...(when.filter.channels ?? []),
        ]
  const often = count === 1 ? [] : [`${String(count)} × / ${String(withinSeconds)} s`]
  const where = [runs.target, runs.saved, runs.command].filter((each) => each !== undefined)
  const parts = [...what, ...often, ...where].filter((part) => part !== '')
  return displayText(parts.join(' · ')) || s.onLines
}

function TestButton({ name }: { readonly name: string }): VNode {
  const app = useApp()
  const s = alertsText.value
  const problem = useProblem()
  const isBusy = useSignal(false)
  const test = async (): Promise<void> => {
    isBusy.value = true
    await problem.watch(async () => {
      const deliveries = await automationApi(app).alerts.test(name)
      await loadAutomation(app)
      const bad = deliveries.find(({ state }) => state !== 'delivered')
      if (bad === undefined) app.say(alertsText.value.tested(name))
      else problem.say(`${alertsText.value.testFailed} ${bad.webhook}. ${bad.problem ?? ''}`)
    })
    isBusy.value = false
  }
  return (
    <>
      <Problem of={problem} />
      <button
        type="button"
        class="button"
        aria-label={s.testOf(name)}
        disabled={isBusy.value}
        onClick={() => void test()}
      >
        {s.test}
      </button>
    </>
  )
}

/** The newest of what became of it. */
function Trace({ alert: { firings, deliveries } }: { readonly alert: Alert }): VNode | null {
  const s = alertsText.value
  if (firings.length + deliveries.length === 0) return null
  return (
    <div class="alerts-trace">
      {firings.length > 0 && (
        <section>
          <h3>{s.lastFirings}</h3>
          <ul>
            {firings.slice(0, 3).map(({ id, time, title, path }) => (
              <li key={id}>
                <time dateTime={time}>{shortTime(time)}</time> <a href={path}>{title}</a>
              </li>
            ))}
          </ul>
        </section>
      )}
      {deliveries.length > 0 && (
        <section>
          <h3>{s.lastMessages}</h3>
          <ul>
            {deliveries.slice(0, 3).map((each) => (
              <Message key={`${each.firing} ${each.webhook}`} delivery={each} />
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}

const tones = { delivered: 'alerts-good', waiting: 'alerts-late', failed: 'alerts-bad' } as const

function Message({ delivery }: { readonly delivery: Delivery }): VNode {
  const s = alertsText.value
  const { time, webhook, state, status, tries, problem } = delivery
  const answer = [
    ...(tries > 1 ? [s.tries(tries)] : []),
    problem ?? (status === null ? '' : `HTTP ${String(status)}`),
  ].join(', ')
  return (
    <li>
      <time dateTime={time}>{shortTime(time)}</time> {webhook}{' '}
      <span class={tones[state]}>{s[state]}</span> {answer}
    </li>
  )
}
