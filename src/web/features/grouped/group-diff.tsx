/** What differs between two groups, channel by channel, as a unified diff. */
import { useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { useMemo } from 'preact/hooks'
import { displayText } from '../../../shared/display.ts'
import { comparedText } from '../../../shared/group-text.ts'
import { type DiffHunk, type DiffRow, diffLines, type LineDiff } from '../../../shared/line-diff.ts'
import type { WireLine } from '../../../shared/protocol/events.ts'
import type { TaskGroup } from '../../../shared/protocol/groups.ts'
import { text } from '../../i18n/text.ts'
import { viewsText } from '../../i18n/views-text.ts'
import type { GroupedModel } from './grouped-model.ts'
import { useLines, Waiting } from './use-lines.tsx'

/** Rows that are drawn until somebody asks for all. */
const rowsShown = 400

export interface GroupDiffProps {
  readonly model: GroupedModel
  readonly base: TaskGroup
  readonly group: TaskGroup
}

export function GroupDiff({ model, base, group }: GroupDiffProps): VNode {
  const before = useLines(model.texts, base)
  const after = useLines(model.texts, group)
  if (before.lines === null || after.lines === null) {
    return <Waiting problem={before.problem ?? after.problem} />
  }
  const tasks = [base.tasks[0] ?? 0, group.tasks[0] ?? 0] as const
  return <Differences model={model} tasks={tasks} before={before.lines} after={after.lines} />
}

interface DifferencesProps {
  readonly model: GroupedModel
  /** Whose lines these are. */
  readonly tasks: readonly [number, number]
  readonly before: readonly WireLine[]
  readonly after: readonly WireLine[]
}

function Differences({ model, tasks, before, after }: DifferencesProps): VNode {
  const [base, other] = tasks
  const masks = model.masks.value
  const t = text.value
  const views = viewsText.value
  const diffs = useMemo(() => {
    const [maskBase, maskOther] = [model.maskOf(masks, base), model.maskOf(masks, other)]
    return (['out', 'err'] as const).map((channel) => {
      const [one, two] = [comparedTexts(before, channel), comparedTexts(after, channel)]
      return { channel, diff: diffLines(one.map(maskBase), two.map(maskOther)) }
    })
  }, [model, masks, base, other, before, after])
  const changed = diffs.filter(({ diff }) => diff.hunks.length > 0)
  if (changed.length === 0) return <p class="pane-note">{views.sameOutput}</p>
  return (
    <>
      {changed.map(({ channel, diff }) => (
        <div key={channel}>
          {(channel === 'err' || changed.length > 1) && (
            <h3 class="diff-channel">{channel === 'out' ? t.rawOut : t.rawErr}</h3>
          )}
          {diff.isCoarse && <p class="pane-note">{views.differsEverywhere}</p>}
          <Hunks diff={diff} />
        </div>
      ))}
    </>
  )
}

function Hunks({ diff }: { readonly diff: LineDiff }): VNode {
  const views = viewsText.value
  const wantsAll = useSignal(false)
  let room = wantsAll.value ? Infinity : rowsShown
  const shown = diff.hunks.flatMap((hunk) => {
    const rows = hunk.rows.slice(0, room)
    room -= rows.length
    return rows.length === 0 ? [] : [{ ...hunk, rows }]
  })
  const count = diff.hunks.reduce((sum, { rows }) => sum + rows.length, 0)
  return (
    <>
      {shown.map((hunk) => (
        <Hunk key={hunk.newFrom} hunk={hunk} />
      ))}
      {room <= 0 && (
        <button
          type="button"
          class="button small pane-more"
          onClick={() => {
            wantsAll.value = true
          }}
        >
          {views.showAllLines(count)}
        </button>
      )}
    </>
  )
}

function Hunk({ hunk }: { readonly hunk: DiffHunk }): VNode {
  return (
    <div class="diff-hunk" dir="ltr">
      <p class="diff-place mono">{viewsText.value.diffFrom(hunk.newFrom)}</p>
      {hunk.rows.map((row, at) => (
        <Row key={at} row={row} />
      ))}
    </div>
  )
}

const signs = { same: ' ', removed: '−', added: '+' } as const

function Row({ row: { kind, parts } }: { readonly row: DiffRow }): VNode {
  const shown = parts.map(({ text: part, isChanged }, at) =>
    isChanged ? <mark key={at}>{displayText(part)}</mark> : displayText(part),
  )
  return (
    <div class={`pane-line diff-${kind}`}>
      <span class="diff-sign">{signs[kind]}</span>
      {kind === 'removed' ? <del>{shown}</del> : kind === 'added' ? <ins>{shown}</ins> : shown}
    </div>
  )
}

function comparedTexts(lines: readonly WireLine[], channel: 'out' | 'err'): readonly string[] {
  return lines.filter((line) => line.channel === channel).map((line) => comparedText(line.text))
}
