/** Runs a run that has ended once more: on all its hosts, on those that failed, or changed first. */
import type { VNode } from 'preact'
import type { Run } from '../../../shared/run.ts'
import { useApp } from '../../app/app-context.ts'
import { failedHosts } from '../../app/start-run.ts'
import { againText } from '../../i18n/again-text.ts'
import { text } from '../../i18n/text.ts'
import { Icon } from '../../ui/icon.tsx'
import { Menu, type MenuItem } from '../../ui/menu.tsx'
import { isFirstClick } from '../../ui/one-press.ts'

export function RunAgain({ run }: { readonly run: Run }): VNode {
  const app = useApp()
  const t = text.value
  const a = againText.value
  const failed = failedHosts(run)
  const hasOthers = failed.length < run.tasks.length
  const items: readonly MenuItem[] = [
    {
      name: a.all(run.tasks.length),
      icon: 'refresh',
      act: () => void app.runAgain(run),
    },
    ...(failed.length > 0 && hasOthers
      ? [
          {
            name: a.failed(failed.length),
            icon: 'close' as const,
            act: () => void app.runAgain(run, { hosts: 'failed' }),
          },
        ]
      : []),
    { name: a.edit, more: a.editMore, icon: 'prompt', act: () => app.editAgain(run) },
  ]
  return (
    <span class="run-again">
      <button
        type="button"
        class="button"
        onClick={(event) => {
          if (isFirstClick(event)) void app.runAgain(run)
        }}
      >
        <Icon name="refresh" />
        {t.runAgain}
      </button>
      <Menu label={a.how} icon="chevron" class="button run-again-how" items={items} />
    </span>
  )
}
