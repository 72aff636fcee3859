/** All keys on one sheet. */
import type { VNode } from 'preact'
import type { Catalog } from '../i18n/en.ts'
import { text } from '../i18n/text.ts'
import { Dialog } from '../ui/dialog.tsx'
import { commandKey } from './use-keys.ts'
import './key-help.css'

const keys: readonly (readonly [string, keyof Catalog['keyHelp']])[] = [
  [`${commandKey} ↵`, 'run'],
  ['c', 'command'],
  ['f', 'follow'],
  ['G · End', 'end'],
  ['g g · Home', 'home'],
  ['PgUp · PgDn · Space', 'page'],
  ['j k · ↓ ↑', 'cursor'],
  ['⇧↓ ⇧↑', 'extend'],
  ['y', 'link'],
  ['w', 'wrap'],
  ['t', 'time'],
  ['s', 'stop'],
  ['b', 'sidebar'],
  ['i', 'inspector'],
  ['?', 'help'],
  ['Esc', 'escape'],
]

export function KeyHelp({ onClose }: { readonly onClose: () => void }): VNode {
  const t = text.value
  return (
    <Dialog title={t.keys} onClose={onClose}>
      <dl class="key-help">
        {keys.map(([key, name]) => (
          <div key={name}>
            <dt>
              {key.split(' · ').map((one) => (
                <kbd class="kbd" key={one}>
                  {one}
                </kbd>
              ))}
            </dt>
            <dd>{t.keyHelp[name]}</dd>
          </div>
        ))}
      </dl>
      <div class="dialog-actions">
        <button type="button" class="button" data-first-focus onClick={onClose}>
          {t.close}
        </button>
      </div>
    </Dialog>
  )
}
