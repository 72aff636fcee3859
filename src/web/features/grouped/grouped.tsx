/** Hosts with the same output together, live: what differs first, what most have last and open. */

import type { VNode } from 'preact'
import { useEffect, useMemo } from 'preact/hooks'
import { displayText } from '../../../shared/display.ts'
import { foldHosts } from '../../../shared/host-set.ts'
import { maskNames } from '../../../shared/line-mask.ts'
import type { TaskGroup } from '../../../shared/protocol/groups.ts'
import type { Run } from '../../../shared/run.ts'
import { useApp } from '../../app/app-context.ts'
import { text } from '../../i18n/text.ts'
import { viewsText } from '../../i18n/views-text.ts'
import { Icon } from '../../ui/icon.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Said } from '../../ui/said.tsx'
import type { RunModel } from '../runs/run-model.ts'
import { copyGroups } from './copy-groups.ts'
import { GroupPane } from './group-pane.tsx'
import { GroupedModel } from './grouped-model.ts'
import { hostsOf } from './hosts-of.ts'
import './grouped.css'

export function Grouped({ model: run }: { readonly model: RunModel }): VNode {
  const { api } = useApp()
  const model = useMemo(() => new GroupedModel(api, run), [api, run])
  useEffect(() => () => model.close(), [model])
  const t = text.value
  const views = viewsText.value
  const { value: known } = run.run
  const { value: grouped } = model.groups.groups
  const { value: problem } = model.groups.problem
  return (
    <section
      class="grouped"
      aria-label={t.views.grouped}
      // A region that scrolls must be reachable by keyboard.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      onScroll={hold}
    >
      {problem !== null && grouped === null && (
        <Notice tone="warn" also="grouped-problem">
          <Said of={problem} />
        </Notice>
      )}
      {grouped !== null && known !== null && (
        <>
          <GroupedBar model={model} run={known} />
          {model.panes.value.map((pane) => (
            <GroupPane key={pane.key} model={model} run={known} pane={pane} />
          ))}
          {grouped.tooLong.length > 0 && (
            <p class="grouped-long">
              {views.tooLongToGroup(displayText(foldHosts(hostsOf(known, grouped.tooLong))))}
            </p>
          )}
        </>
      )}
    </section>
  )

  function hold({ currentTarget }: { readonly currentTarget: HTMLElement }): void {
    if (currentTarget.scrollTop > 0) model.hold()
  }
}

interface BarProps {
  readonly model: GroupedModel
  readonly run: Run
}

function GroupedBar({ model, run }: BarProps): VNode {
  const app = useApp()
  const views = viewsText.value
  const changed = model.changed.value
  const base = model.base.value
  const isChosen = base !== null && base !== model.reference.value
  return (
    <div class="grouped-bar">
      <span class="grouped-count">
        {views.groupCount(model.panes.value.length, run.tasks.length)}
        {isChosen && (
          <>
            {' · '}
            {views.comparedWith(titleOf(run, base.group))}
            <button type="button" class="button small" onClick={() => model.compareWith(null)}>
              {views.compareWithMost}
            </button>
          </>
        )}
      </span>
      <span role="status">
        {changed > 0 && (
          <button type="button" class="button small" onClick={() => model.sort()}>
            {views.sortAgain(changed)}
          </button>
        )}
      </span>
      <span class="grouped-masks" role="group" aria-label={views.masks}>
        <span aria-hidden="true">{views.masks}</span>
        {maskNames.map((name) => (
          <button
            key={name}
            type="button"
            class="grouped-mask"
            aria-pressed={model.masks.value.includes(name)}
            onClick={() => model.toggleMask(name)}
          >
            {views.maskNames[name]}
          </button>
        ))}
      </span>
      <button type="button" class="button quiet small" onClick={() => void copyGroups(app, model)}>
        <Icon name="copy" />
        {views.copyAsText}
      </button>
    </div>
  )
}

function titleOf(run: Run, group: TaskGroup): string {
  return displayText(foldHosts(hostsOf(run, group.tasks)))
}
