/** Beside the log: hosts, notes and details of the run, and the selected line. */
import { useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { formatCount } from '../../i18n/format.ts'
import { text } from '../../i18n/text.ts'
import { lazy } from '../../ui/lazy.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { HostsTab } from './hosts-tab.tsx'
import type { RunModel } from './run-model.ts'
import './inspector.css'

const NotesTab = lazy(async () => (await import('./notes-tab.tsx')).NotesTab)
const DetailsTab = lazy(async () => (await import('./details-tab.tsx')).DetailsTab)
const SelectedLine = lazy(async () => (await import('./selected-line.tsx')).SelectedLine)

export function Inspector({ model }: { readonly model: RunModel }): VNode {
  const t = text.value
  const chosen = useSignal('hosts')
  return (
    <div class="inspector">
      <Tabs
        label={t.inspector}
        chosen={chosen.value}
        onChoose={(name) => {
          chosen.value = name
        }}
        tabs={[
          { name: 'hosts', title: t.hosts, count: formatCount(model.run.value?.tasks.length ?? 0) },
          { name: 'notes', title: t.notes, count: formatCount(model.notes.value.length) },
          { name: 'details', title: t.details },
        ]}
      >
        {chosen.value === 'hosts' && <HostsTab model={model} />}
        {chosen.value === 'notes' && <NotesTab model={model} />}
        {chosen.value === 'details' && <DetailsTab model={model} />}
      </Tabs>
      {model.selected.value !== null && <SelectedLine model={model} />}
    </div>
  )
}
