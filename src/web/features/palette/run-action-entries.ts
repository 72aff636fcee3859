/** What the palette offers for the run in view, and for each of its hosts. */
import { displayText } from '../../../shared/display.ts'
import type { AppModel } from '../../app/app-model.ts'
import { pageTexts } from '../../i18n/page-texts.ts'
import { alertPathOf } from '../alerts/alert-of-view.ts'
import { findCommands } from '../find/find-commands.ts'
import type { Entry } from './entries.ts'

/** Nothing where there is no run; a run on one host shows only that one as it is. */
export function runActionEntries(app: AppModel): readonly Entry[] {
  const p = pageTexts.value
  const run = app.current.value?.run.value
  if (run === undefined || run === null) return []
  const plain = { group: 'actions', isCode: false, more: '', keys: [] } as const
  const alertPath = alertPathOf(app.view.state.value, run)
  const alert: readonly Entry[] =
    alertPath === null
      ? []
      : [
          {
            ...plain,
            id: 'alert-of-view',
            text: p.alertOfView,
            mark: { icon: 'clock' },
            act: () => app.router.go(alertPath),
          },
        ]
  const ofHosts = run.tasks.flatMap(({ id, host }) => {
    const name = displayText(host)
    const only: Entry = {
      ...plain,
      id: `only-${id}`,
      text: p.showOnly(name),
      mark: { icon: 'filter' },
      act: () => findCommands.onlyHost(app, host),
    }
    const download: Entry = {
      ...plain,
      id: `download-${id}`,
      text: p.downloadOf(name),
      mark: { icon: 'download' },
      // The answer is a file: the page stays.
      act: () => window.location.assign(`/api/v1/runs/${run.id}/raw?task=${id}`),
    }
    return run.tasks.length > 1 ? [only, download] : [download]
  })
  return [...alert, ...ofHosts]
}
