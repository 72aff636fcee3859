/** A native modal dialog: it traps and returns the focus, and Esc closes it. */
import type { ComponentChildren, VNode } from 'preact'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'
import './dialog.css'

export interface DialogProps {
  readonly title: string
  readonly onClose: () => void
  readonly children: ComponentChildren
  readonly kind?: 'box' | 'wide' | 'palette' | 'drawer-left' | 'drawer-right'
  /** A dialog that must be answered does not close by a click beside it. */
  readonly isFirm?: boolean
  readonly hasHiddenTitle?: boolean
}

export function Dialog(props: DialogProps): VNode {
  const ref = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  // Before the next frame: what is typed meanwhile is for the dialog, and not for the page behind it.
  useLayoutEffect(() => {
    const dialog = ref.current
    if (dialog === null) return
    dialog.showModal()
    dialog.querySelector<HTMLElement>('[data-first-focus]')?.focus()
    return () => dialog.close()
  }, [])
  return (
    // The dialog itself is the backdrop; Esc does the same by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <dialog
      ref={ref}
      class={`dialog ${props.kind ?? 'box'}`}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault()
        props.onClose()
      }}
      onClick={(event) => {
        if (props.isFirm !== true && event.target === ref.current) props.onClose()
      }}
      onKeyDown={(event) => {
        // The page's single keys must not act behind a dialog.
        event.stopPropagation()
      }}
    >
      <div class="dialog-body">
        <h2 id={titleId} class={props.hasHiddenTitle === true ? 'hidden-visually' : 'dialog-title'}>
          {props.title}
        </h2>
        {props.children}
      </div>
    </dialog>
  )
}
