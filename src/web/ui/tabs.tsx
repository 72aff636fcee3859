/** Tabs with one panel; arrow keys walk, as everywhere. */
import type { ComponentChildren, VNode } from 'preact'
import { useId } from 'preact/hooks'
import './tabs.css'

export interface TabsProps {
  readonly label: string
  readonly tabs: readonly {
    readonly name: string
    readonly title: string
    readonly count?: string
  }[]
  readonly chosen: string
  readonly onChoose: (name: string) => void
  readonly children: ComponentChildren
}

export function Tabs({ label, tabs, chosen, onChoose, children }: TabsProps): VNode {
  const id = useId()
  const walk = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (step === 0) return
    const at = tabs.findIndex(({ name }) => name === chosen)
    const next = tabs[(at + step + tabs.length) % tabs.length]
    if (next === undefined) return
    event.preventDefault()
    onChoose(next.name)
    document.getElementById(`${id}-${next.name}`)?.focus()
  }
  return (
    <>
      <div class="tabs" role="tablist" aria-label={label} tabIndex={-1} onKeyDown={walk}>
        {tabs.map(({ name, title, count }) => (
          <button
            type="button"
            key={name}
            id={`${id}-${name}`}
            role="tab"
            aria-selected={name === chosen}
            aria-controls={`${id}-panel`}
            tabIndex={name === chosen ? 0 : -1}
            onClick={() => onChoose(name)}
          >
            {title} {count !== undefined && <span>{count}</span>}
          </button>
        ))}
      </div>
      <div
        class="tab-panel"
        id={`${id}-panel`}
        role="tabpanel"
        tabIndex={0}
        aria-labelledby={`${id}-${chosen}`}
      >
        {children}
      </div>
    </>
  )
}
