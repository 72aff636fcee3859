/** All keys on one sheet. */
import type { VNode } from 'preact'
import { pageTexts } from '../i18n/page-texts.ts'
import { text } from '../i18n/text.ts'
import { Dialog } from '../ui/dialog.tsx'
import { useApp } from './app-context.ts'
import { KeyList } from './key-list.tsx'

export function KeyHelp({ onClose }: { readonly onClose: () => void }): VNode {
  const { singleKeys } = useApp().preferences
  const t = text.value
  const p = pageTexts.value
  return (
    <Dialog title={t.keys} kind="wide" onClose={onClose}>
      <KeyList />
      <div class="dialog-actions">
        <label class="spacer key-switch">
          <input
            type="checkbox"
            checked={singleKeys.value}
            onChange={(event) => {
              singleKeys.value = event.currentTarget.checked
            }}
          />
          {p.singleKeys}
        </label>
        <button type="button" class="button" data-first-focus onClick={onClose}>
          {t.close}
        </button>
      </div>
    </Dialog>
  )
}
