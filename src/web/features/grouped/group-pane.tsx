/** One group: its hosts, how they ended, and what they have printed or what of it differs. */
import { useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { displayText } from '../../../shared/display.ts'
import { foldHosts } from '../../../shared/host-set.ts'
import type { TaskGroup } from '../../../shared/protocol/groups.ts'
import type { Run } from '../../../shared/run.ts'
import type { Catalog } from '../../i18n/en.ts'
import { text } from '../../i18n/text.ts'
import { viewsText } from '../../i18n/views-text.ts'
import { Icon } from '../../ui/icon.tsx'
import type { Tone } from '../runs/tones.ts'
import { hostColor } from '../viewer/log-row.ts'
import { GroupDiff } from './group-diff.tsx'
import { GroupOutput } from './group-output.tsx'
import type { GroupedModel } from './grouped-model.ts'
import { hostsOf } from './hosts-of.ts'
import type { Pane } from './pane-order.ts'

export interface GroupPaneProps {
  readonly model: GroupedModel
  readonly run: Run
  readonly pane: Pane
}

export function GroupPane({ model, run, pane }: GroupPaneProps): VNode {
  const { group } = pane
  const t = text.value
  const views = viewsText.value
  const hosts = hostsOf(run, group.tasks)
  const names = displayText(foldHosts(hosts))
  const isOpen = model.isOpen(pane)
  const isBase = pane === model.base.value
  const [only, other] = group.tasks
  const color = only !== undefined && other === undefined ? ` host-${hostColor(only)}` : ''
  return (
    <article class={`pane${color}`}>
      <header class="pane-head">
        <h2>
          <button type="button" aria-expanded={isOpen} onClick={() => model.toggle(pane)}>
            <Icon name="chevron" />
            <span class="pane-title">
              <span class="pane-hosts mono">{names}</span>
              {hosts.length > 1 && <span>{t.hostCount(hosts.length)}</span>}
              <span class={`pane-end tone-${toneOf(group)}`}>{endOf(group, t)}</span>
              <span>{views.groupLines(group.lines.out + group.lines.err)}</span>
              <span class="pane-relation">
                {relationOf(group, model.reference.value?.group ?? null)}
              </span>
            </span>
          </button>
        </h2>
        <button
          type="button"
          class="button quiet small pane-compare"
          aria-pressed={isBase}
          aria-label={isBase ? views.comparedWith(names) : views.compareWith(names)}
          onClick={() => model.compareWith(isBase ? null : pane)}
        >
          {isBase ? views.compared : views.compare}
        </button>
      </header>
      {isOpen && <PaneBody model={model} run={run} pane={pane} />}
    </article>
  )
}

/** The differences, where there is something to compare with; the whole output at a button. */
function PaneBody({ model, run, pane }: GroupPaneProps): VNode {
  const { group } = pane
  const views = viewsText.value
  const wantsOutput = useSignal(false)
  const base = model.base.value
  // What one group has not printed yet is no difference.
  const hasDiff = base !== null && base !== pane && !isPending(group, model)
  if (!hasDiff) return <GroupOutput texts={model.texts} group={group} />
  const choose = (isOutput: boolean) => (): void => {
    model.hold()
    wantsOutput.value = isOutput
  }
  return (
    <>
      <p class="pane-tools">
        <button
          type="button"
          class="button quiet small"
          aria-pressed={!wantsOutput.value}
          onClick={choose(false)}
        >
          {views.differences}
        </button>
        <button
          type="button"
          class="button quiet small"
          aria-pressed={wantsOutput.value}
          onClick={choose(true)}
        >
          {views.output}
        </button>
        {!wantsOutput.value && (
          <span class="pane-legend">
            {views.diffLegend(
              displayText(foldHosts(hostsOf(run, base.group.tasks))),
              displayText(foldHosts(hostsOf(run, group.tasks))),
            )}
          </span>
        )}
      </p>
      {wantsOutput.value ? (
        <GroupOutput texts={model.texts} group={group} />
      ) : (
        <GroupDiff model={model} base={base.group} group={group} />
      )}
    </>
  )
}

function isPending({ relation }: TaskGroup, { base, reference }: GroupedModel): boolean {
  return relation === 'so-far' && base.value === reference.value
}

function toneOf({ ended }: TaskGroup): Tone {
  if (ended === null) return 'off'
  return ended.state === 'ended' && ended.exitCode === 0 ? 'ok' : 'err'
}

function endOf({ ended }: TaskGroup, t: Catalog): string {
  if (ended === null) return t.taskStates.running
  if (ended.state !== 'ended' || ended.exitCode === null) return t.taskStates[ended.state]
  const signal = ended.signal === null ? '' : ` ${ended.signal}`
  return `${t.exit(ended.exitCode)}${signal}`
}

/** How its lines stand to those of the reference, in words. */
function relationOf(group: TaskGroup, reference: TaskGroup | null): string {
  const views = viewsText.value
  const { relation, lines, common } = group
  if (reference === null || relation === 'reference') return ''
  if (relation === 'same') return views.sameOutput
  if (relation === 'so-far') {
    const all = reference.lines.out + reference.lines.err
    return views.sameSoFar(Math.min(all, common.out + common.err), all)
  }
  const isOutSame = common.out === lines.out && common.out === reference.lines.out
  return isOutSame ? views.differsErrFrom(common.err + 1) : views.differsFrom(common.out + 1)
}
