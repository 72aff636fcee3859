/** What somebody who reads a run calls themselves. Nothing proves it: it is shown, and trusted for nothing. */
import { displayText } from './display.ts'
import { limits } from './limits.ts'

/** The name as it is told to others; null for none, and for one that is too long or would deceive. */
export function asViewerName(text: string): string | null {
  const name = text.trim()
  if (name === '' || name.length > limits.viewerNameCharsMax) return null
  // Nothing hidden, nothing that turns what stands beside it.
  return displayText(name) === name ? name : null
}
