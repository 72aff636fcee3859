/** An Enter that is held sends its form again and again: one press does one thing, and answers no question that it opens. */

/** For `onKeyDownCapture` of a form. Shift+Enter still writes several lines. */
export function ignoreHeldEnter(event: KeyboardEvent): void {
  if (!event.repeat || event.key !== 'Enter' || event.shiftKey) return
  event.preventDefault()
  event.stopPropagation()
}
