/** The setting that lets this browser show notifications of alerts. */
import { useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { useApp } from '../../app/app-context.ts'
import { alertsText } from '../../i18n/alerts-text.ts'
import { Switch } from '../settings/setting.tsx'
import { showsDesktop, switchDesktop } from './desktop.ts'

export function DesktopSwitch(): VNode {
  const app = useApp()
  const s = alertsText.value
  const isRefused = useSignal(false)
  const change = async (isOn: boolean): Promise<void> => {
    const isGiven = await switchDesktop(app, isOn)
    isRefused.value = isOn && !isGiven
  }
  return (
    <Switch
      name={s.desktopSetting}
      help={isRefused.value ? s.desktopRefused : s.desktopSettingHelp}
      isOn={showsDesktop.value}
      onChange={(isOn) => void change(isOn)}
    />
  )
}
