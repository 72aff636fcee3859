/** The mark of Farglass beside its name. */
import type { VNode } from 'preact'

export function Logo(): VNode {
  return (
    <span class="logo">
      <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
        <rect width="24" height="24" rx="6" />
        <path d="M7 8.2 10.8 12 7 15.8M12.6 16h4.6" />
      </svg>
      Farglass
    </span>
  )
}
