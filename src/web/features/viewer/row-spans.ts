/** Text of a line as text nodes and spans, reused from the line before: output is never read as markup. */
import type { AnsiColor, AnsiStyle } from '../../../shared/ansi.ts'
import { type DisplaySpan, displayLine } from '../../../shared/display.ts'
import type { LinkAddress } from '../../../shared/link-address.ts'

/**
 * Makes `parent` show the line; its nodes are kept where they are of the same kind. Links of the host
 * are mere text unless they are wanted.
 */
export function fillSpans(parent: HTMLElement, line: string, hasLinks = false): void {
  const spans = displayLine(line)
  let node = parent.firstChild
  for (const span of spans) {
    const next: ChildNode | null = node?.nextSibling ?? null
    const link = hasLinks ? span.link : undefined
    const isText = isPlain(span) && link === undefined
    const filled = isText ? fillText(node, span.text) : fillSpan(node, span, link)
    if (node === null) parent.append(filled)
    else if (filled !== node) node.replaceWith(filled)
    node = next
  }
  while (node !== null) {
    const next: ChildNode | null = node.nextSibling
    node.remove()
    node = next
  }
}

const isPlain = ({ kind, style }: DisplaySpan): boolean => kind === 'text' && style === null

function fillText(node: ChildNode | null, content: string): ChildNode {
  if (!(node instanceof Text)) return document.createTextNode(content)
  if (node.data !== content) node.data = content
  return node
}

function fillSpan(
  node: ChildNode | null,
  span: DisplaySpan,
  link: LinkAddress | undefined,
): ChildNode {
  const element = link === undefined ? spanOf(node) : createLink(link)
  const content = element.firstChild
  if (content instanceof Text && content === element.lastChild) content.data = span.text
  else element.textContent = span.text
  if (element.hasAttribute('style')) element.removeAttribute('style')
  element.className = span.kind === 'control' ? 'control' : ''
  if (span.style !== null) applyStyle(element, span.style)
  return element
}

function spanOf(node: ChildNode | null): HTMLElement {
  return node instanceof HTMLSpanElement ? node : document.createElement('span')
}

/** The host chose its text, so the style sheet writes beside it where it leads. */
function createLink({ address, host }: LinkAddress): HTMLElement {
  const link = document.createElement('a')
  link.href = address
  link.target = '_blank'
  link.rel = 'noopener noreferrer'
  link.title = address
  link.dataset['host'] = host
  return link
}

const marks = ['bold', 'dim', 'italic', 'underline', 'inverse', 'strike'] as const

function applyStyle(element: HTMLElement, style: AnsiStyle): void {
  for (const mark of marks) if (style[mark]) element.classList.add(mark)
  applyColor(element, 'fg', style.fg)
  applyColor(element, 'bg', style.bg)
}

/** Named colours are classes of a closed set, so that the theme decides; fixed ones are properties. */
function applyColor(element: HTMLElement, part: 'fg' | 'bg', color: AnsiColor | null): void {
  if (color === null) return
  if (color.kind === 'named') {
    element.classList.add(`${part}-${color.index}`)
    return
  }
  element.classList.add(`${part}-rgb`)
  element.style.setProperty(`--${part}`, `rgb(${color.red} ${color.green} ${color.blue})`)
}
