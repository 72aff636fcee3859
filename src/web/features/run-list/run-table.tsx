/** Runs as rows: what, where, when, how much, and what became of it. */
import type { VNode } from 'preact'
import { displayText } from '../../../shared/display.ts'
import type { ListedRun } from '../../../shared/listed-run.ts'
import type { RetentionPolicy } from '../../../shared/retention.ts'
import type { StartedBy } from '../../../shared/run.ts'
import { sourceText } from '../../../shared/source.ts'
import { useApp } from '../../app/app-context.ts'
import type { AppModel } from '../../app/app-model.ts'
import type { Catalog } from '../../i18n/en.ts'
import { formatCount, fullTime, shortTime } from '../../i18n/format.ts'
import { pageTexts } from '../../i18n/page-texts.ts'
import { retentionText } from '../../i18n/retention-text.ts'
import { text } from '../../i18n/text.ts'
import { Icon } from '../../ui/icon.tsx'
import { Menu, type MenuItem } from '../../ui/menu.tsx'
import { keptText } from '../retention/kept-text.ts'
import { splitTarget } from '../runs/split-target.ts'
import { listedCounts, outcomeText } from '../runs/task-counts.ts'
import { runTone } from '../runs/tones.ts'

export interface RunTableProps {
  readonly runs: readonly ListedRun[]
  readonly onRemove: (run: ListedRun) => void
  readonly onPin: (run: ListedRun) => void
  /** How long they are kept; null until that is known. */
  readonly rules: RetentionPolicy | null
}

export function RunTable({ runs, ...rest }: RunTableProps): VNode {
  const p = pageTexts.value
  const c = p.columns
  return (
    <table class="run-table">
      <thead>
        <tr>
          {[c.state, c.command, c.target, c.started, c.duration, c.lines, c.result].map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
          <th scope="col">
            <span class="hidden-visually">{p.more}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <Row key={run.id} run={run} {...rest} />
        ))}
      </tbody>
    </table>
  )
}

interface RowProps extends Omit<RunTableProps, 'runs'> {
  readonly run: ListedRun
}

function Row({ run, ...rest }: RowProps): VNode {
  const app = useApp()
  const t = text.value
  const p = pageTexts.value
  const now = app.now.value
  const locale = app.preferences.locale.value
  const tone = runTone(run)
  const end = run.endedAt === null ? now : Date.parse(run.endedAt)
  const [host = run.target, ...others] = splitTarget(run.target)
  return (
    <tr>
      <td class={`run-state tone-${tone}`}>
        <span class={`dot tone-${tone}`} />
        {run.outcome === null ? t.runStates[run.state] : t.outcomes[run.outcome]}
        {run.startedBy !== undefined && <Starter by={run.startedBy} />}
        {run.pinned && <Pinned />}
      </td>
      <td class="run-command">
        <a href={`/runs/${run.id}`} class="mono" title={sourceText(run.source)}>
          {sourceText(run.source)}
        </a>
      </td>
      <td class="run-target" title={run.target}>
        {others.length === 0 ? host : `${host} +${others.length}`}
      </td>
      <td class="run-started" title={fullTime(run.createdAt, locale)}>
        {shortTime(run.createdAt, now, locale)}
      </td>
      <td class="run-took">{t.duration(end - Date.parse(run.createdAt))}</td>
      <td class="run-lines" title={keptText(run, null, locale) ?? undefined}>
        {run.removed === null ? formatCount(run.lines) : retentionText.value.removed}
      </td>
      <td class="run-result">{resultOf(run, t)}</td>
      <td class="run-more">
        <Menu
          label={p.moreOf(sourceText(run.source))}
          icon="more"
          items={itemsOf(app, run, rest)}
        />
      </td>
    </tr>
  )
}

/** Of one host how it exited, of several how many became what. */
function resultOf(run: ListedRun, t: Catalog): string {
  const [task] = run.firstTasks
  if (task !== undefined && run.hosts === 1) {
    if (task.exitCode !== null) return t.exit(task.exitCode)
    return task.state === 'ended' ? '' : t.taskStates[task.state]
  }
  return outcomeText(listedCounts(run), t)
}

/** As `Pinned`: what started it by itself. */
function Starter({ by }: { readonly by: StartedBy }): VNode {
  const name = displayText(pageTexts.value.starter(by.kind, by.name))
  return (
    <span class="run-mark" role="img" aria-label={name} title={name}>
      <Icon name={by.kind === 'schedule' ? 'clock' : 'plug'} />
    </span>
  )
}

/** An image with a name: the word beside it is that of the state. */
function Pinned(): VNode {
  const { pinned } = retentionText.value
  return (
    <span class="run-mark" role="img" aria-label={pinned} title={pinned}>
      <Icon name="mark" />
    </span>
  )
}

function itemsOf(
  app: AppModel,
  run: ListedRun,
  { onRemove, onPin, rules }: Omit<RunTableProps, 'runs'>,
): readonly MenuItem[] {
  const t = text.value
  const p = pageTexts.value
  const r = retentionText.value
  const isOver = run.state === 'ended'
  const kept = keptText(run, rules, app.preferences.locale.value)
  return [
    { name: p.open, icon: 'goTo', href: `/runs/${run.id}` },
    { name: t.runAgain, icon: 'refresh', act: () => void app.runAgain(run) },
    { name: t.download, icon: 'download', href: `/api/v1/runs/${run.id}/raw`, isDownload: true },
    {
      name: run.pinned ? r.unpin : r.pin,
      icon: 'mark',
      ...(kept !== null && { more: kept }),
      act: () => onPin(run),
    },
    ...(isOver
      ? [{ name: p.removeRun, icon: 'remove' as const, isDanger: true, act: () => onRemove(run) }]
      : []),
  ]
}
