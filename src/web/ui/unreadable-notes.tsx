/** What is kept and cannot be read, above the list of what can be. */

import type { VNode } from 'preact'
import type { Unreadable } from '../../shared/listing.ts'
import { Notice } from './notice.tsx'
import { Said } from './said.tsx'

export function UnreadableNotes({ of }: { readonly of: readonly Unreadable[] }): VNode {
  return (
    <>
      {of.map((each) => (
        <Notice key={each.name} tone="warn" isOld>
          <Said of={each} />
        </Notice>
      ))}
    </>
  )
}
