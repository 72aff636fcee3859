/** How the page and its log look in this browser. */
import type { VNode } from 'preact'
import { limits } from '../../../shared/limits.ts'
import { asViewerName } from '../../../shared/viewer-name.ts'
import { useApp } from '../../app/app-context.ts'
import {
  chooseTime,
  logSizes,
  type Theme,
  type TimeMode,
  timeModes,
  toggleWrap,
} from '../../app/preferences.ts'
import { pageTexts } from '../../i18n/page-texts.ts'
import { text } from '../../i18n/text.ts'
import { DesktopSwitch } from '../alerts/desktop-switch.tsx'
import { Choice, Setting, Switch } from './setting.tsx'

const themes: readonly Theme[] = ['system', 'dark', 'light']

export function Appearance(): VNode {
  const { preferences } = useApp()
  const { theme, wrap, time, links } = preferences
  const t = text.value
  const p = pageTexts.value
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const timeWord = (mode: TimeMode): string =>
    mode === 'clock' ? t.timeModes.clock(zone) : t.timeModes[mode]
  return (
    <>
      <Choice
        name={t.theme}
        options={themes.map((name) => [name, p.themeWords[name]] as const)}
        chosen={theme.value}
        onChoose={(chosen) => {
          theme.value = chosen
        }}
      />
      <LogSize />
      <Switch name={t.actions.wrap} isOn={wrap.value} onChange={() => toggleWrap(preferences)} />
      <Switch
        name={p.hostLinks}
        help={p.hostLinksHelp}
        isOn={links.value}
        onChange={(isOn) => {
          links.value = isOn
        }}
      />
      <DesktopSwitch />
      <Name />
      <Setting name={p.timeFormat} help={p.timeFormatHelp}>
        {(ids) => (
          <select
            class="input setting-select"
            {...ids}
            value={time.value}
            onChange={(event) => {
              const chosen = timeModes.find((mode) => mode === event.currentTarget.value)
              if (chosen !== undefined) chooseTime(preferences, chosen)
            }}
          >
            {timeModes.map((mode) => (
              <option key={mode} value={mode}>
                {timeWord(mode)}
              </option>
            ))}
          </select>
        )}
      </Setting>
    </>
  )
}

function Name(): VNode {
  const { name } = useApp().preferences
  const p = pageTexts.value
  return (
    <Setting name={p.yourName} help={p.yourNameHelp}>
      {(ids) => (
        <input
          class="input setting-select"
          {...ids}
          autocomplete="off"
          maxLength={limits.viewerNameCharsMax}
          value={name.value}
          onChange={(event) => {
            // What would not be told to others is not kept either.
            name.value = asViewerName(event.currentTarget.value) ?? ''
            event.currentTarget.value = name.value
          }}
        />
      )}
    </Setting>
  )
}

function LogSize(): VNode {
  const { logSize } = useApp().preferences
  const p = pageTexts.value
  return (
    <>
      <Choice
        name={p.logSize}
        help={p.logSizeHelp}
        options={logSizes.map((size) => [size, size === 'auto' ? p.logSizeAuto : size] as const)}
        chosen={logSize.value}
        onChoose={(size) => {
          logSize.value = size
        }}
      />
      <pre class="setting-sample mono" aria-hidden="true">
        {'09:41:08.022 ERROR pool exhausted after 30000 ms\n09:41:08.031 INFO  retrying connection'}
      </pre>
    </>
  )
}
