/** Single keys on or off, and all keys. */
import type { VNode } from 'preact'
import { useApp } from '../../app/app-context.ts'
import { KeyList } from '../../app/key-list.tsx'
import { pageTexts } from '../../i18n/page-texts.ts'
import { Switch } from './setting.tsx'

export function Keyboard(): VNode {
  const { singleKeys } = useApp().preferences
  const p = pageTexts.value
  return (
    <>
      <Switch
        name={p.singleKeys}
        help={p.singleKeysHelp}
        isOn={singleKeys.value}
        onChange={(isOn) => {
          singleKeys.value = isOn
        }}
      />
      <KeyList />
    </>
  )
}
