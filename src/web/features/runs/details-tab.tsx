/** What was run, how and when, and the exact bytes to take away. */

import type { VNode } from 'preact'
import { displayText } from '../../../shared/display.ts'
import type { Run } from '../../../shared/run.ts'
import { sourceText } from '../../../shared/source.ts'
import { formatBytes, formatCount, fullTime } from '../../i18n/format.ts'
import { pageTexts } from '../../i18n/page-texts.ts'
import { text } from '../../i18n/text.ts'
import { Icon } from '../../ui/icon.tsx'
import { keptText } from '../retention/kept-text.ts'
import { useRules } from '../retention/use-rules.ts'
import { rawAddress } from '../viewer/raw-address.ts'
import { namesOf } from './away-hosts.ts'
import type { RunModel } from './run-model.ts'

/** Of more hosts the bytes are had together. */
const hostsShown = 50

export function DetailsTab({ model }: { readonly model: RunModel }): VNode | null {
  const run = model.run.value
  const t = text.value
  const p = pageTexts.value
  const rules = useRules(`${run?.state}`)
  if (run === null) return null
  const kept = keptText(run, rules, t.code)
  const bytes = run.tasks.reduce((sum, task) => sum + task.outBytes + task.errBytes, 0)
  const rows: readonly (readonly [string, string])[] = [
    [p.detail.command, sourceText(run.source)],
    ...savedRows(run),
    ...starterRows(run),
    [p.detail.target, run.target],
    [p.detail.mode, t.modes[run.merged ? 'merged' : run.mode]],
    ...fellBack(run),
    [p.detail.started, fullTime(run.createdAt, t.code)],
    [p.detail.ended, run.endedAt === null ? '–' : fullTime(run.endedAt, t.code)],
    [p.detail.lines, formatCount(model.figures.value.lines)],
    [p.detail.bytes, formatBytes(bytes)],
    ...(kept === null ? [] : [[p.detail.kept, kept] as const]),
    [p.detail.id, run.id],
  ]
  return (
    <>
      <dl class="details">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class={name === p.detail.command || name === p.detail.id ? 'mono' : ''}>{value}</dd>
          </div>
        ))}
      </dl>
      <h2 class="inspector-title">{t.download}</h2>
      <ul class="downloads">
        {run.tasks.slice(0, hostsShown).map((task) => (
          <li key={task.id}>
            <span>{task.host}</span>
            <a class="button small" download href={rawAddress(run.id, task.id, 'out')}>
              <Icon name="download" />
              {t.rawOut}
            </a>
            <a class="button small" download href={rawAddress(run.id, task.id, 'err')}>
              <Icon name="download" />
              {t.rawErr}
            </a>
          </li>
        ))}
      </ul>
      {run.tasks.length > hostsShown && (
        <p class="inspector-empty">{p.moreDownloads(run.tasks.length - hostsShown)}</p>
      )}
    </>
  )
}

/** What it was started from, and with which values. A secret is a name only. */
function savedRows({ saved }: Run): readonly (readonly [string, string])[] {
  if (saved === undefined) return []
  const p = pageTexts.value
  const values = Object.entries(saved.parameters).map(([name, value]) => {
    if (value === null) return `${name}: ••••`
    return `${name}: ${typeof value === 'string' ? value : [...new Set(Object.values(value))].join(', ')}`
  })
  return [
    [p.detail.saved, saved.name],
    ...(values.length === 0
      ? []
      : [[p.detail.parameters, displayText(values.join('; '))] as const]),
  ]
}

/** The schedule or trigger that started it by itself. */
function starterRows({ startedBy }: Run): readonly (readonly [string, string])[] {
  if (startedBy === undefined) return []
  const p = pageTexts.value
  return [[p.detail.startedBy, displayText(p.starter(startedBy.kind, startedBy.name))]]
}

/** The hosts that could not hold the run as it was asked for. */
function fellBack(run: Run): readonly (readonly [string, string])[] {
  const tasks = run.tasks.filter(({ mode }) => mode !== run.mode)
  return tasks.length === 0 ? [] : [[pageTexts.value.detail.fellBack, displayText(namesOf(tasks))]]
}
