/** One press of a key or button does one thing, however long it is held and though it was a double click. */

/** To be spread over a form that starts something. */
export const onePress: {
  readonly onKeyDownCapture: (event: KeyboardEvent) => void
  readonly onClickCapture: (event: MouseEvent) => void
} = { onKeyDownCapture: ignoreHeldEnter, onClickCapture: ignoreSecondClick }

/** Whether it is no further click of a double click: what the first one has opened may stand in its place. */
export function isFirstClick({ detail }: MouseEvent): boolean {
  return detail < 2
}

/** It would send the form again, and say yes to the question that it opens. Shift+Enter still writes several lines. */
function ignoreHeldEnter(event: KeyboardEvent): void {
  if (!event.repeat || event.key !== 'Enter' || event.shiftKey) return
  event.preventDefault()
  event.stopPropagation()
}

function ignoreSecondClick(event: MouseEvent): void {
  const isSubmit = event.target instanceof Element && event.target.closest('[type=submit]') !== null
  if (isSubmit && !isFirstClick(event)) event.preventDefault()
}
