/** All keys on one sheet. */
import type { VNode } from 'preact'
import { text } from '../i18n/text.ts'
import { Dialog } from '../ui/dialog.tsx'
import { actions } from './actions.ts'
import { useApp } from './app-context.ts'
import { keyLabel } from './keys.ts'
import './key-help.css'

export function KeyHelp({ onClose }: { readonly onClose: () => void }): VNode {
  const { singleKeys } = useApp().preferences
  const t = text.value
  return (
    <Dialog title={t.keys} kind="wide" onClose={onClose}>
      <dl class="key-help">
        {actions.map(
          ({ name, keys }) =>
            keys.length > 0 && (
              <div key={name}>
                <dt>
                  {keys.map((key) => (
                    <Key key={key} name={key} />
                  ))}
                </dt>
                <dd>{t.actions[name]}</dd>
              </div>
            ),
        )}
      </dl>
      <div class="dialog-actions">
        <label class="spacer key-switch">
          <input
            type="checkbox"
            checked={singleKeys.value}
            onChange={(event) => {
              singleKeys.value = event.currentTarget.checked
            }}
          />
          {t.singleKeys}
        </label>
        <button type="button" class="button" data-first-focus onClick={onClose}>
          {t.close}
        </button>
      </div>
    </Dialog>
  )
}

/** One key, or two that are pressed one after the other. */
function Key({ name }: { readonly name: string }): VNode {
  return (
    <>
      {name.split(' ').map((part, at) => (
        <kbd class="kbd" key={at === 0 ? 'first' : 'second'}>
          {keyLabel(part)}
        </kbd>
      ))}
    </>
  )
}
