/** A part of the page that is loaded when it is first shown. */
import { signal } from '@preact/signals'
import type { ComponentType, VNode } from 'preact'
import { useEffect } from 'preact/hooks'
import { text } from '../i18n/text.ts'
import { firstViewShown } from './first-view.ts'
import { Notice } from './notice.tsx'

/**
 * Shows nothing until the part is here; says so when it cannot be had. One that comes `later` is not
 * what an address is opened for.
 */
export function lazy<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  when: 'at-once' | 'later' = 'at-once',
): (props: Props) => VNode | null {
  const part = signal<{ readonly component: ComponentType<Props> } | null>(null)
  const isMissing = signal(false)
  const fetchPart = async (): Promise<void> => {
    try {
      if (when === 'later') await firstViewShown
      part.value = { component: await load() }
      isMissing.value = false
    } catch {
      isMissing.value = true
    }
  }
  return function Lazy(props) {
    useEffect(() => {
      if (part.peek() === null) void fetchPart()
    }, [])
    if (part.value === null) return isMissing.value ? <Missing /> : null
    const { component: Part } = part.value
    return <Part {...props} />
  }
}

/** Most likely Farglass was updated while this page was open: its new parts have other names. */
function Missing(): VNode {
  const t = text.value
  return (
    <Notice tone="warn">
      {t.partMissing}
      <button type="button" class="button small" onClick={() => location.reload()}>
        {t.loadAnew}
      </button>
    </Notice>
  )
}
