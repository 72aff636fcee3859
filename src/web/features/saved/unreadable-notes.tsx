/** What is kept and cannot be read, above the list of what can be. */
import type { VNode } from 'preact'
import type { Unreadable } from '../../../shared/listing.ts'
import { Icon } from '../../ui/icon.tsx'

export function UnreadableNotes({ of }: { readonly of: readonly Unreadable[] }): VNode {
  return (
    <>
      {of.map(({ name, message, hint }) => (
        <p key={name} class="notice tone-warn">
          <Icon name="warn" />
          {message} {hint}
        </p>
      ))}
    </>
  )
}
