/** Edits what is said of a host here, and takes back one that was added here. */
import { useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { displayText } from '../../../shared/display.ts'
import { toAppError } from '../../../shared/errors.ts'
import type { HostDetails } from '../../../shared/protocol/hosts.ts'
import { useApp } from '../../app/app-context.ts'
import { hostsText } from '../../i18n/hosts-text.ts'
import { Menu } from '../../ui/menu.tsx'
import { HostEditor } from './host-editor.tsx'

export interface HostActionsProps {
  readonly host: HostDetails
  /** Something else is said of it now. */
  readonly onChange: () => void
}

export function HostActions({ host, onChange }: HostActionsProps): VNode {
  const app = useApp()
  const h = hostsText.value
  const isEditing = useSignal(false)
  const remove = async (): Promise<void> => {
    try {
      await app.api.removeHost(host.name)
      await app.loadHosts()
      app.say(h.removed(displayText(host.name)))
      onChange()
    } catch (thrown) {
      app.say(toAppError(thrown))
    }
  }
  const isAdded = host.sources.some(({ kind }) => kind === 'added')
  return (
    <>
      <Menu
        label={h.moreOf(displayText(host.name))}
        icon="more"
        items={[
          {
            name: h.edit,
            icon: 'settings',
            act: () => {
              isEditing.value = true
            },
          },
          ...(isAdded
            ? [
                {
                  name: h.remove,
                  icon: 'remove' as const,
                  isDanger: true,
                  act: () => void remove(),
                },
              ]
            : []),
        ]}
      />
      {isEditing.value && (
        <HostEditor
          host={host}
          onClose={() => {
            isEditing.value = false
            onChange()
          }}
        />
      )}
    </>
  )
}
