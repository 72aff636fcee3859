/** What one browser remembers: theme, language, wrap, time and keys. Never a line of output. */
import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals'
import { type Locale, preferredLocale, useLocale } from '../i18n/text.ts'

export type Theme = 'system' | 'dark' | 'light'

/** What stands before each line: the time of the clock here or in UTC, since the start, or since the line before. */
export type TimeMode = 'off' | 'clock' | 'utc' | 'start' | 'delta'

export const timeModes: readonly TimeMode[] = ['clock', 'utc', 'start', 'delta', 'off']

/** Height of the letters in the log, in pixels; `auto` is that of the design, which is smaller on a phone. */
export type LogSize = 'auto' | '11' | '12' | '13' | '14' | '15' | '16'

export const logSizes: readonly LogSize[] = ['auto', '11', '12', '13', '14', '15', '16']

export interface Preferences {
  readonly theme: Signal<Theme>
  readonly locale: Signal<Locale>
  readonly wrap: Signal<boolean>
  /** Frames of stack traces stand folded under the line above them. */
  readonly fold: Signal<boolean>
  readonly time: Signal<TimeMode>
  readonly logSize: Signal<LogSize>
  /** Characters act without the command key; who dictates or mistypes can switch it off. */
  readonly singleKeys: Signal<boolean>
  /** Links in the output of hosts can be followed. */
  readonly links: Signal<boolean>
  /** What others who watch or find a mark are told of who sits here; empty for nothing. */
  readonly name: Signal<string>
}

/** Reads what is stored and keeps document and store in step from then on. */
export function createPreferences(): Preferences {
  const narrow = matchMedia('(max-width: 640px)').matches
  const theme = signal<Theme>(stored('theme', ['system', 'dark', 'light'], 'system'))
  const locale = signal<Locale>(
    stored('locale', ['en', 'zh-CN'], preferredLocale(navigator.languages)),
  )
  // A phone always wraps and shows no time column.
  const wrap = signal(stored('wrap', ['on', 'off'], narrow ? 'on' : 'off') === 'on')
  const fold = keptSwitch('fold', 'on')
  const time = signal<TimeMode>(stored('time', timeModes, narrow ? 'off' : 'clock'))
  const singleKeys = keptSwitch('single-keys', 'on')
  // Where a link leads is the host's word: whoever trusts it says so.
  const links = keptSwitch('links', 'off')
  const logSize = signal<LogSize>(stored('log-size', logSizes, 'auto'))
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const applyTheme = (): void => {
    const system = dark.matches ? 'dark' : 'light'
    document.documentElement.dataset['theme'] = theme.value === 'system' ? system : theme.value
  }
  dark.addEventListener('change', applyTheme)
  effect(applyTheme)
  effect(() => {
    void useLocale(locale.value)
  })
  effect(() => applyLogSize(logSize.value))
  const name = signal(read('name') ?? '')
  keep('theme', theme)
  keep('name', name)
  keep('log-size', logSize)
  keep('locale', locale)
  return { theme, locale, wrap, fold, time, logSize, singleKeys, links, name }
}

function applyLogSize(size: LogSize): void {
  const { style } = document.documentElement
  if (size === 'auto') {
    style.removeProperty('--log-size-chosen')
    style.removeProperty('--log-lh-chosen')
    return
  }
  style.setProperty('--log-size-chosen', `${size}px`)
  // Whole pixels: rows are counted by them.
  style.setProperty('--log-lh-chosen', `${Math.round(Number(size) * 1.6)}px`)
}

/** Changes by hand are stored; what comes from the screen's size is not. */
export function toggleWrap({ wrap }: Preferences): void {
  wrap.value = !wrap.value
  write('wrap', wrap.value ? 'on' : 'off')
}

export function toggleFold({ fold }: Preferences): void {
  fold.value = !fold.value
}

export function chooseTime({ time }: Preferences, mode: TimeMode): void {
  time.value = mode
  write('time', mode)
}

/** The next one, in the order of the menu. */
export function nextTime(preferences: Preferences): void {
  const at = timeModes.indexOf(preferences.time.value)
  chooseTime(preferences, timeModes[(at + 1) % timeModes.length] ?? 'clock')
}

/** A switch that this browser remembers. */
export function keptSwitch(name: string, otherwise: 'on' | 'off'): Signal<boolean> {
  const isOn = signal(stored(name, ['on', 'off'], otherwise) === 'on')
  keep(
    name,
    computed(() => (isOn.value ? 'on' : 'off')),
  )
  return isOn
}

function keep(name: string, value: ReadonlySignal<string>): void {
  let first = true
  effect(() => {
    const current = value.value
    if (!first) write(name, current)
    first = false
  })
}

function stored<T extends string>(name: string, allowed: readonly T[], otherwise: T): T {
  const value = read(name)
  return allowed.find((candidate) => candidate === value) ?? otherwise
}

function read(name: string): string | null {
  try {
    return localStorage.getItem(`farglass-${name}`)
  } catch {
    // Storage can be switched off; then nothing is remembered.
    return null
  }
}

function write(name: string, value: string): void {
  try {
    localStorage.setItem(`farglass-${name}`, value)
  } catch {
    // Storage can be switched off or full; the choice then lasts as long as the page.
  }
}
