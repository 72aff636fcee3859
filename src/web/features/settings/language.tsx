/** The language of the page. Output, host names and prompts stay as they are. */
import type { VNode } from 'preact'
import { useApp } from '../../app/app-context.ts'
import { text } from '../../i18n/text.ts'
import { Choice } from './setting.tsx'

export function Language(): VNode {
  const { locale } = useApp().preferences
  const t = text.value
  return (
    <Choice
      name={t.settingsParts.language}
      help={t.languageHelp}
      options={[
        ['en', 'English'],
        ['zh-CN', '简体中文'],
      ]}
      chosen={locale.value}
      onChoose={(chosen) => {
        locale.value = chosen
      }}
    />
  )
}
