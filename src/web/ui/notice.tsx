/** A sentence that stands out: why something did not work, or what one has to know first. */
import type { ComponentChildren, VNode } from 'preact'
import { Icon } from './icon.tsx'

export interface NoticeProps {
  readonly tone: 'err' | 'warn'
  /** A class beside its own. */
  readonly also?: string
  /** It was there when the page was opened: nobody is interrupted by it. */
  readonly isOld?: boolean
  readonly children: ComponentChildren
}

export function Notice({ tone, also = '', isOld = false, children }: NoticeProps): VNode {
  return (
    <p class={`notice tone-${tone} ${also}`.trimEnd()} role={isOld ? undefined : 'alert'}>
      <Icon name="warn" />
      {children}
    </p>
  )
}
