/** All filters at once: hosts, channels, levels, text and time. What is chosen holds at once. */
import type { ComponentChildren, VNode } from 'preact'
import { useRef } from 'preact/hooks'
import { type Channel, channels } from '../../../shared/channel.ts'
import { displayText } from '../../../shared/display.ts'
import { type Level, levels } from '../../../shared/level.ts'
import { findText } from '../../i18n/find-text.ts'
import { pageTexts } from '../../i18n/page-texts.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { alertPathOf } from '../alerts/alert-of-view.ts'
import { type FilterRule, withFilter, withoutFilter } from '../runs/view-state.ts'
import { findCommands, hiddenHosts } from './find-commands.ts'
import type { Finder } from './finder.ts'
import './filter-dialog.css'

export interface FilterDialogProps {
  readonly finder: Finder
  readonly onClose: () => void
}

const levelNames: readonly (Level | 'none')[] = [...levels, 'none']
/** More hosts are filtered by a click on them, or by their name in the address. */
const hostsMax = 200

export function FilterDialog({ finder, onClose }: FilterDialogProps): VNode {
  const t = findText.value
  const { app } = finder
  const { filters } = app.view.state.value
  const chosenChannels = filters.find((rule) => rule.kind === 'channels')?.channels ?? null
  const chosenLevels = filters.find((rule) => rule.kind === 'levels')?.levels ?? null
  /** All of them, or none, is no filter. */
  const choose = <T extends string>(
    all: readonly T[],
    chosen: readonly T[] | null,
    toRule: (next: readonly T[]) => FilterRule,
  ) => {
    return (one: T): void => {
      const before = chosen ?? []
      const next = all.filter((word) => before.includes(word) !== (word === one))
      const rule = toRule(next)
      const isAny = next.length === 0 || next.length === all.length
      app.view.change((state) => {
        const known = state.filters.find(({ kind }) => kind === rule.kind)
        if (!isAny) return withFilter(state, rule)
        return known === undefined ? state : withoutFilter(state, known)
      })
    }
  }
  return (
    <Dialog title={t.filterTitle} onClose={onClose}>
      <div class="filter-parts">
        <Part title={t.channels}>
          <Choices<Channel>
            all={channels}
            chosen={chosenChannels}
            nameOf={(one) => t.channelNames[one]}
            onChoose={choose(channels, chosenChannels, (next) => ({
              kind: 'channels',
              channels: next,
            }))}
          />
        </Part>
        <Part title={t.levels} hint={t.levelsHint}>
          <Choices<Level | 'none'>
            all={levelNames}
            chosen={chosenLevels}
            nameOf={(one) => t.levelNames[one]}
            onChoose={choose(levelNames, chosenLevels, (next) => ({
              kind: 'levels',
              levels: next,
            }))}
          />
        </Part>
        <Hosts finder={finder} />
        <TextPart finder={finder} />
        <TimePart finder={finder} />
      </div>
      <Actions finder={finder} onClose={onClose} />
    </Dialog>
  )
}

function Actions({ finder, onClose }: FilterDialogProps): VNode {
  const t = findText.value
  const { app, model } = finder
  const view = app.view.state.value
  const run = model.run.value
  const alertPath = run === null ? null : alertPathOf(view, run)
  return (
    <div class="dialog-actions">
      {alertPath !== null && (
        <button type="button" class="button" onClick={() => app.router.go(alertPath)}>
          {pageTexts.value.alertOfView}
        </button>
      )}
      {view.filters.length > 0 && (
        <button type="button" class="button" onClick={() => findCommands.clearFilters(app)}>
          {t.clearFilters}
        </button>
      )}
      <button type="button" class="button primary" onClick={onClose}>
        {t.close}
      </button>
    </div>
  )
}

function Hosts({ finder }: { readonly finder: Finder }): VNode | null {
  const t = findText.value
  const { app, model } = finder
  const all = (model.run.value?.tasks ?? []).map(({ host }) => host)
  if (all.length < 2 || all.length > hostsMax) return null
  const hidden = hiddenHosts(app.view.state.value, all)
  return (
    <Part title={t.hosts}>
      <Choices<string>
        all={all}
        chosen={all.filter((host) => !hidden.includes(host))}
        nameOf={displayText}
        onChoose={(host) => findCommands.toggleHost(app, host)}
      />
    </Part>
  )
}

function TextPart({ finder }: { readonly finder: Finder }): VNode {
  const t = findText.value
  const field = useRef<HTMLInputElement>(null)
  const regex = useRef<HTMLInputElement>(null)
  const add = (isInverse: boolean): void => {
    const written = field.current?.value.trim() ?? ''
    if (field.current === null || written === '') return
    const isRegex = regex.current?.checked === true
    const term = { text: written, isRegex, caseRule: 'smart' as const, isInverse }
    finder.app.view.change((state) => withFilter(state, { kind: 'text', term }))
    field.current.value = ''
  }
  return (
    <Part title={t.text}>
      <form
        class="filter-text"
        onSubmit={(event) => {
          event.preventDefault()
          add(false)
        }}
      >
        <input
          ref={field}
          class="input mono"
          aria-label={t.textToFilter}
          placeholder={t.textToFilter}
          spellcheck={false}
          autocomplete="off"
          maxLength={1_000}
        />
        <label class="filter-check">
          <input ref={regex} type="checkbox" />
          {t.useRegex}
        </label>
        <span class="filter-adds">
          <button type="submit" class="button small">
            {t.withText}
          </button>
          <button type="button" class="button small" onClick={() => add(true)}>
            {t.withoutText}
          </button>
        </span>
      </form>
    </Part>
  )
}

function TimePart({ finder }: { readonly finder: Finder }): VNode {
  const t = findText.value
  const { view } = finder.app
  const rule = view.state.value.filters.find((one) => one.kind === 'time')
  const [since, until] = [rule?.since ?? null, rule?.until ?? null]
  const take = (next: { readonly since: string | null; readonly until: string | null }): void => {
    view.change((state) => {
      if (next.since !== null || next.until !== null) {
        return withFilter(state, { kind: 'time', ...next })
      }
      return rule === undefined ? state : withoutFilter(state, rule)
    })
  }
  return (
    <Part title={t.time}>
      <span class="filter-times">
        <TimeField label={t.since} value={since} onTake={(time) => take({ since: time, until })} />
        <TimeField label={t.until} value={until} onTake={(time) => take({ since, until: time })} />
      </span>
    </Part>
  )
}

interface TimeFieldProps {
  readonly label: string
  readonly value: string | null
  readonly onTake: (time: string | null) => void
}

/** In the time of the browser's clock. */
function TimeField({ label, value, onTake }: TimeFieldProps): VNode {
  return (
    <label class="field">
      <span class="label">{label}</span>
      <input
        class="input"
        type="datetime-local"
        step={1}
        value={value === null ? '' : localTime(value)}
        onChange={({ currentTarget }) => {
          const ms = Date.parse(currentTarget.value)
          onTake(Number.isNaN(ms) ? null : new Date(ms).toISOString())
        }}
      />
    </label>
  )
}

/** `2026-11-29T10:00:00`, as such a field wants it. */
function localTime(iso: string): string {
  const date = new Date(iso)
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19)
}

interface PartProps {
  readonly title: string
  readonly hint?: string
  readonly children: ComponentChildren
}

function Part({ title, hint, children }: PartProps): VNode {
  return (
    <fieldset class="filter-part">
      <legend>{title}</legend>
      {children}
      {hint !== undefined && <p>{hint}</p>}
    </fieldset>
  )
}

interface ChoicesProps<T extends string> {
  readonly all: readonly T[]
  /** Null for none of them in particular. */
  readonly chosen: readonly T[] | null
  readonly nameOf: (one: T) => string
  readonly onChoose: (one: T) => void
}

function Choices<T extends string>({ all, chosen, nameOf, onChoose }: ChoicesProps<T>): VNode {
  return (
    <span class="filter-choices">
      {all.map((one) => (
        <button
          type="button"
          key={one}
          class="filter-choice"
          aria-pressed={chosen?.includes(one) === true}
          onClick={() => onChoose(one)}
        >
          {nameOf(one)}
        </button>
      ))}
    </span>
  )
}
