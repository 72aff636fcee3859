/** What is kept and cannot be read, above the list of what can be. */

import type { VNode } from 'preact'
import { sentenceOf } from '../../shared/errors.ts'
import type { Unreadable } from '../../shared/listing.ts'
import { Notice } from './notice.tsx'

export function UnreadableNotes({ of }: { readonly of: readonly Unreadable[] }): VNode {
  return (
    <>
      {of.map((each) => (
        <Notice key={each.name} tone="warn" isOld>
          {sentenceOf(each)}
        </Notice>
      ))}
    </>
  )
}
