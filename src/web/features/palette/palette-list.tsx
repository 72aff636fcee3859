/** The entries of the palette: one listbox in groups. The field keeps the focus, so it names the chosen one. */
import type { VNode } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { pageTexts } from '../../i18n/page-texts.ts'
import { Icon } from '../../ui/icon.tsx'
import type { Entry } from './entries.ts'
import type { Mark, Ranked, RankedGroup } from './rank.ts'

export interface PaletteListProps {
  readonly id: string
  readonly groups: readonly RankedGroup<Entry>[]
  readonly chosen: Entry | undefined
  readonly onPoint: (entry: Entry) => void
  readonly onChoose: (entry: Entry) => void
}

export function optionId(listId: string, entry: Entry): string {
  return `${listId}-${entry.id}`
}

export function PaletteList(props: PaletteListProps): VNode | null {
  const { id, groups, chosen, onPoint, onChoose } = props
  const p = pageTexts.value
  const ref = useRef<HTMLDivElement>(null)
  useEffect(() => {
    ref.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  if (groups.length === 0) return null
  return (
    <div class="palette-list" role="listbox" id={id} ref={ref} aria-label={p.paletteList}>
      {groups.map(({ group, ranked, count }) => {
        const [first] = ranked
        if (first === undefined) return null
        const titleId = `${id}-title-${group}`
        return (
          <div role="group" key={group} aria-labelledby={titleId}>
            <div class="palette-title" id={titleId} role="presentation">
              {p.paletteGroups[first.entry.group]}
              {count > ranked.length && <span>{p.paletteShown(ranked.length, count)}</span>}
            </div>
            {ranked.map((each) => (
              <Option
                key={each.entry.id}
                id={optionId(id, each.entry)}
                ranked={each}
                isChosen={each.entry.id === chosen?.id}
                onPoint={onPoint}
                onChoose={onChoose}
              />
            ))}
          </div>
        )
      })}
    </div>
  )
}

interface OptionProps extends Pick<PaletteListProps, 'onPoint' | 'onChoose'> {
  readonly id: string
  readonly ranked: Ranked<Entry>
  readonly isChosen: boolean
}

function Option({ id, ranked, isChosen, onPoint, onChoose }: OptionProps): VNode {
  const { entry, marks } = ranked
  return (
    // The field has the keys: it names this one as its active descendant.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isChosen}
      class="palette-option"
      onMouseMove={() => {
        if (!isChosen) onPoint(entry)
      }}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => onChoose(entry)}
    >
      {'icon' in entry.mark ? (
        <Icon name={entry.mark.icon} />
      ) : (
        <span class="palette-dot">
          <span class={`dot tone-${entry.mark.tone}`} />
        </span>
      )}
      <span class={entry.isCode ? 'palette-text mono' : 'palette-text'}>
        {marked(entry.text, marks)}
      </span>
      {entry.more !== '' && <span class="palette-more">{entry.more}</span>}
      {entry.keys.map((key) => (
        <kbd class="kbd" key={key}>
          {key}
        </kbd>
      ))}
    </div>
  )
}

/** The text with what was typed set off. */
function marked(whole: string, marks: readonly Mark[]): readonly (VNode | string)[] {
  const ends = [0, ...marks.map(([, to]) => to)]
  const parts = marks.flatMap(([from, to], at) => [
    whole.slice(ends[at], from),
    <b key={from}>{whole.slice(from, to)}</b>,
  ])
  return [...parts, whole.slice(ends.at(-1))]
}
