/** The language of the page. Output, host names and prompts stay as they are. */
import type { VNode } from 'preact'
import { useApp } from '../../app/app-context.ts'
import { pageTexts } from '../../i18n/page-texts.ts'
import { Choice } from './setting.tsx'

export function Language(): VNode {
  const { locale } = useApp().preferences
  const p = pageTexts.value
  return (
    <Choice
      name={p.settingsParts.language}
      help={p.languageHelp}
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
