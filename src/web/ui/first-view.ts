/**
 * When what the reader has come for is on screen: parts that nobody looks for first are loaded after it.
 * Side by side, dozens of small files would stand in the way of the one answer that is waited for.
 */

/** A tab in the background draws nothing, and no part stays away for good. */
const waitMsMax = 2_000

let open: () => void = () => {}
const shown = new Promise<void>((resolve) => {
  open = resolve
  setTimeout(resolve, waitMsMax)
})

/** Resolves once, when the first view is on screen or none is to be waited for. */
export const firstViewShown: Promise<void> = shown

/** There is none to wait for, or its frame has been drawn. */
export function endFirstView(): void {
  open()
}

/** It stands in the document: the next frame shows it. */
export function drawFirstView(): void {
  // A task of its own comes after the frame.
  requestAnimationFrame(() => setTimeout(open))
}
