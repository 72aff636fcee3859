/** Every action that has a key, with its keys. */
import type { VNode } from 'preact'
import { text } from '../i18n/text.ts'
import { actions } from './actions.ts'
import { keyLabel } from './keys.ts'
import './key-list.css'

export function KeyList(): VNode {
  const t = text.value
  return (
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
