/** Theme and language of this browser. */
import type { VNode } from 'preact'
import { text } from '../i18n/text.ts'
import { Icon, type IconName } from '../ui/icon.tsx'
import { useApp } from './app-context.ts'
import type { Theme } from './preferences.ts'

const themes: readonly Theme[] = ['system', 'dark', 'light']
const themeIcons: Readonly<Record<Theme, IconName>> = {
  system: 'screen',
  dark: 'moon',
  light: 'sun',
}

export function Choices(): VNode {
  const { theme, locale } = useApp().preferences
  const t = text.value
  const next = themes[(themes.indexOf(theme.value) + 1) % themes.length] ?? 'system'
  return (
    <>
      <button
        type="button"
        class="button quiet small"
        lang={locale.value === 'en' ? 'zh-CN' : 'en'}
        onClick={() => {
          locale.value = locale.value === 'en' ? 'zh-CN' : 'en'
        }}
      >
        <Icon name="language" />
        {locale.value === 'en' ? '中文' : 'English'}
      </button>
      <button
        type="button"
        class="icon-button"
        aria-label={`${t.theme}: ${t.themes[theme.value]}`}
        title={t.themes[theme.value]}
        onClick={() => {
          theme.value = next
        }}
      >
        <Icon name={themeIcons[theme.value]} />
      </button>
    </>
  )
}
