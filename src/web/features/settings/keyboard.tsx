/** Single keys on or off, and all keys. */
import type { VNode } from 'preact'
import { useApp } from '../../app/app-context.ts'
import { KeyList } from '../../app/key-list.tsx'
import { text } from '../../i18n/text.ts'
import { Switch } from './setting.tsx'

export function Keyboard(): VNode {
  const { singleKeys } = useApp().preferences
  const t = text.value
  return (
    <>
      <Switch
        name={t.singleKeys}
        help={t.singleKeysHelp}
        isOn={singleKeys.value}
        onChange={(isOn) => {
          singleKeys.value = isOn
        }}
      />
      <KeyList />
    </>
  )
}
