/** Downloads of what is shown: lines that the filters leave, as text or for programs, and the exact bytes. */
import type { VNode } from 'preact'
import { displayText } from '../../../shared/display.ts'
import type { Run } from '../../../shared/run.ts'
import { useApp } from '../../app/app-context.ts'
import { pageTexts } from '../../i18n/page-texts.ts'
import { Menu, type MenuItem } from '../../ui/menu.tsx'
import { lineQuery } from '../runs/line-query.ts'
import { rulesOf } from '../runs/view-state.ts'

/** Of more hosts the details have the files. */
const hostsShown = 12

export function ExportMenu({ run }: { readonly run: Run }): VNode {
  const { view } = useApp()
  const p = pageTexts.value
  const rules = rulesOf(view.state.value)
  const { fields } = lineQuery(rules, run.tasks)
  const more = rules.length > 0 ? { more: p.exportFiltered } : {}
  const address = (query: Readonly<Record<string, string>>): string => {
    const asked = Object.entries<string | undefined>({ ...fields, ...query }).flatMap(
      ([name, value]) => (value === undefined ? [] : [[name, value]]),
    )
    return `/api/v1/runs/${run.id}/export?${new URLSearchParams(asked).toString()}`
  }
  const file = { icon: 'download', isDownload: true } as const
  const items: readonly MenuItem[] = [
    { ...file, ...more, name: p.exportText, href: address({ format: 'text' }) },
    { ...file, ...more, name: p.exportNdjson, href: address({ format: 'ndjson' }) },
    { ...file, ...more, name: p.exportGzip, href: address({ format: 'ndjson', gzip: 'true' }) },
    ...(run.state === 'ended'
      ? [{ ...file, name: p.exportRun, href: `/api/v1/runs/${run.id}/file` }]
      : []),
    { ...file, name: p.exportBytes, href: `/api/v1/runs/${run.id}/raw` },
    ...(run.tasks.length > 1 ? run.tasks.slice(0, hostsShown) : []).map(({ id, host }) => ({
      ...file,
      name: p.exportHost(displayText(host)),
      href: `/api/v1/runs/${run.id}/raw?task=${id}`,
    })),
  ]
  return <Menu label={p.exportTitle} icon="download" class="button" items={items} />
}
