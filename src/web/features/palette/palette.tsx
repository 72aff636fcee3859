/** One field that leads everywhere: a combobox over hosts, actions, runs and settings. */
import { effect, type Signal, useComputed, useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { useEffect, useId, useLayoutEffect, useRef } from 'preact/hooks'
import { useApp } from '../../app/app-context.ts'
import { keyNameOf } from '../../app/keys.ts'
import { pageTexts } from '../../i18n/page-texts.ts'
import { text } from '../../i18n/text.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { loadSaved } from '../saved/saved-list.ts'
import { type Entry, entriesOf } from './entries.ts'
import { optionId, PaletteList } from './palette-list.tsx'
import { placeEntries } from './place-entries.ts'
import { type RankedGroup, rank } from './rank.ts'
import { type Scope, typedOf } from './typed.ts'
import './palette.css'

/** Of each group while all are shown, and when only one is asked for. */
const mostOfAll = 6
const mostOfOne = 50

export function Palette({ typed: first }: { readonly typed: string }): VNode {
  const app = useApp()
  const t = text.value
  const id = useId()
  const input = useSignal(first)
  const at = useSignal(0)
  const typed = useComputed(() => typedOf(input.value))
  useEffect(() => {
    // Those of runs are here already.
    app.loadHosts().catch(() => {})
    loadSaved(app).catch(() => {})
  }, [app])
  const groups = useComputed((): readonly RankedGroup<Entry>[] => {
    const { scope, text: wanted } = typed.value
    if (scope === 'place') return rank(placeEntries(app, wanted), '', 1)
    return rank(entriesOf(app, scope), wanted, scope === 'all' ? mostOfAll : mostOfOne)
  })
  const options = useComputed(() => groups.value.flatMap(({ ranked }) => ranked))
  const chosen = options.value[Math.min(at.value, options.value.length - 1)]?.entry
  const close = (): void => {
    app.palette.value = null
  }
  const act = (entry: Entry | undefined): void => {
    if (entry === undefined) return
    close()
    // After the dialog has gone and given the focus back: many actions move it.
    setTimeout(entry.act, 0)
  }
  return (
    <Dialog title={t.actions.palette} kind="palette" hasHiddenTitle onClose={close}>
      <PaletteField
        listId={id}
        input={input}
        chosenId={chosen === undefined ? undefined : optionId(id, chosen)}
        onKey={(name) => {
          if (name === 'Mod+k') close()
          else if (name === 'Enter') act(chosen)
          else return walk(at, options.value.length, name)
          return true
        }}
        onInput={() => {
          at.value = 0
        }}
      />
      <PaletteList
        id={id}
        groups={groups.value}
        chosen={chosen}
        onPoint={(entry) => {
          at.value = options.value.findIndex((each) => each.entry === entry)
        }}
        onChoose={act}
      />
      <Foot
        scope={typed.value.scope}
        isTyped={typed.value.text !== ''}
        count={options.value.length}
      />
    </Dialog>
  )
}

/** True when the key moved the cursor. */
function walk(at: Signal<number>, count: number, name: string): boolean {
  const step = steps.get(name)
  if (step === undefined || count === 0) return false
  const isPage = Math.abs(step) > 1
  const next = Math.min(at.value, count - 1) + step
  at.value = isPage ? Math.min(Math.max(next, 0), count - 1) : (next + count) % count
  return true
}

const steps: ReadonlyMap<string, number> = new Map([
  ['ArrowDown', 1],
  ['ArrowUp', -1],
  ['PageDown', 6],
  ['PageUp', -6],
])

interface FieldProps {
  readonly listId: string
  readonly input: Signal<string>
  readonly chosenId: string | undefined
  /** True when the key was used. */
  readonly onKey: (name: string) => boolean
  readonly onInput: () => void
}

function PaletteField({ listId, input, chosenId, onKey, onInput }: FieldProps): VNode {
  const t = text.value
  const p = pageTexts.value
  const ref = useRef<HTMLInputElement>(null)
  // At once: what was to stand there must not come over what somebody has typed meanwhile.
  useLayoutEffect(
    () =>
      effect(() => {
        const field = ref.current
        if (field !== null && field.value !== input.value) field.value = input.value
      }),
    [input],
  )
  return (
    <div class="palette-field">
      <Icon name="search" />
      <input
        ref={ref}
        role="combobox"
        aria-label={p.paletteField}
        aria-expanded={chosenId !== undefined}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={chosenId}
        placeholder={t.palettePlaceholder}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        enterkeyhint="go"
        data-first-focus
        onInput={(event) => {
          input.value = event.currentTarget.value
          onInput()
        }}
        onKeyDown={(event) => {
          // An Enter that ends the composition of a Chinese word is no Enter for us.
          if (event.isComposing) return
          const name = keyNameOf(event, '')
          if (name !== null && onKey(name)) event.preventDefault()
        }}
      />
    </div>
  )
}

interface FootProps {
  readonly scope: Scope
  readonly isTyped: boolean
  readonly count: number
}

/** What can be typed before a word; and for those who do not see the list, how long it is. */
function Foot({ scope, isTyped, count }: FootProps): VNode {
  const { current } = useApp()
  const p = pageTexts.value
  const hint =
    scope === 'place' ? (current.value === null ? p.paletteNoRun : p.palettePlaceHelp) : null
  const prefixes = [
    ['>', p.palettePrefixes.action],
    ['@', p.palettePrefixes.host],
    ['#', p.palettePrefixes.run],
    [':', p.palettePrefixes.place],
  ] as const
  return (
    <div class="palette-foot">
      <p role="status" class={count === 0 ? 'palette-none' : 'hidden-visually'}>
        {count === 0 ? (hint ?? p.paletteNothing) : isTyped && p.paletteCount(count)}
      </p>
      <p class="palette-prefixes">
        {prefixes.map(([sign, word]) => (
          <span key={sign}>
            <kbd class="kbd">{sign}</kbd> {word}
          </span>
        ))}
      </p>
    </div>
  )
}
