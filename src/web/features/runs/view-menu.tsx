/** Merged, by host or grouped: how the lines of several hosts stand beside each other. */
import type { VNode } from 'preact'
import { useApp } from '../../app/app-context.ts'
import { text } from '../../i18n/text.ts'
import { MenuButton } from '../../ui/menu-button.tsx'
import type { RunModel } from './run-model.ts'
import { viewKinds } from './view-state.ts'

export interface ViewMenuProps {
  readonly model: RunModel
  readonly look: string
}

/** Nothing for a run on one host. */
export function ViewMenu({ model, look }: ViewMenuProps): VNode | null {
  const { view } = useApp()
  const t = text.value
  const chosen = view.state.value.view
  if ((model.run.value?.tasks.length ?? 0) < 2) return null
  return (
    <MenuButton
      look={look}
      icon="panes"
      word={t.views[chosen]}
      label={t.actions.view}
      value={chosen}
      options={viewKinds.map((kind) => ({ value: kind, text: t.viewTexts[kind] }))}
      isOn={chosen !== 'merged'}
      onChoose={(kind) => view.change((state) => ({ ...state, view: kind }))}
    />
  )
}
