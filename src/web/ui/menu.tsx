/** A button that opens a list of actions beside it; arrow keys walk, Esc and a click elsewhere close. */
import type { VNode } from 'preact'
import { useId, useRef } from 'preact/hooks'
import { Icon, type IconName } from './icon.tsx'
import './menu.css'

export interface MenuItem {
  readonly name: string
  readonly icon: IconName
  /** Smaller, under the name. */
  readonly more?: string
  readonly isDanger?: boolean
  /** An address to open or to download, or what is done. */
  readonly href?: string
  readonly isDownload?: boolean
  readonly act?: () => void
}

export interface MenuProps {
  /** Of the button, where it shows no word. */
  readonly label: string
  readonly icon: IconName
  /** Shown beside the icon. */
  readonly word?: string
  readonly class?: string
  readonly items: readonly MenuItem[]
}

export function Menu({ label, icon, word, class: name = 'icon-button', items }: MenuProps): VNode {
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const close = (): void => list.current?.hidePopover()
  return (
    <>
      <button
        type="button"
        ref={button}
        class={name}
        aria-label={label}
        title={word === undefined ? label : undefined}
        aria-haspopup="menu"
        popovertarget={id}
      >
        <Icon name={icon} />
        {word !== undefined && <span class="wide-only">{word}</span>}
      </button>
      <div
        id={id}
        ref={list}
        class="menu"
        role="menu"
        tabIndex={-1}
        aria-label={label}
        popover="auto"
        onToggle={(event) => {
          if (event.newState !== 'open' || button.current === null) return
          place(event.currentTarget, button.current)
          itemsIn(event.currentTarget)[0]?.focus()
        }}
        onKeyDown={(event) => {
          // The page's single keys must not act behind a menu.
          event.stopPropagation()
          if (event.key === 'Tab') close()
          else if (walk(event.currentTarget, event.key)) event.preventDefault()
        }}
      >
        {items.map((item) => (
          <Item key={item.name} item={item} onDone={close} />
        ))}
      </div>
    </>
  )
}

function Item({ item, onDone }: { readonly item: MenuItem; readonly onDone: () => void }): VNode {
  const inner = (
    <>
      <Icon name={item.icon} />
      <span>
        {item.name}
        {item.more !== undefined && <small>{item.more}</small>}
      </span>
    </>
  )
  const isDanger = item.isDanger === true
  const shared = {
    role: 'menuitem',
    tabIndex: -1,
    class: isDanger ? 'menu-item danger' : 'menu-item',
  } as const
  if (item.href !== undefined) {
    return (
      <a
        {...shared}
        href={item.href}
        download={item.isDownload === true ? '' : undefined}
        onClick={onDone}
      >
        {inner}
      </a>
    )
  }
  return (
    <button
      {...shared}
      type="button"
      onClick={() => {
        onDone()
        item.act?.()
      }}
    >
      {inner}
    </button>
  )
}

function itemsIn(list: HTMLElement): readonly HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>('[role=menuitem]')]
}

/** True when the key moved the focus. */
function walk(list: HTMLElement, key: string): boolean {
  const items = itemsIn(list)
  const at = items.findIndex((item) => item === document.activeElement)
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[key]
  if (next === undefined) return false
  items.at(next % items.length)?.focus()
  return true
}

/** Below the button, right edges in line; above it where there is no room. */
function place(list: HTMLElement, button: HTMLElement): void {
  const at = button.getBoundingClientRect()
  const { width, height } = list.getBoundingClientRect()
  const isBelow = at.bottom + height + edgePx <= innerHeight
  list.style.left = `${Math.max(edgePx, Math.min(at.right, innerWidth - edgePx) - width)}px`
  list.style.top = `${isBelow ? at.bottom + 4 : Math.max(edgePx, at.top - height - 4)}px`
}

/** Kept free at the edges of the window. */
const edgePx = 8
