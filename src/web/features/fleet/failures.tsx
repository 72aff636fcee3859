/** Above the hosts: why some failed, each reason once. */
import type { VNode } from 'preact'
import { displayText } from '../../../shared/display.ts'
import { foldHosts } from '../../../shared/host-set.ts'
import type { Run } from '../../../shared/run.ts'
import { fleetText } from '../../i18n/fleet-text.ts'
import { formatCount } from '../../i18n/format.ts'
import { text } from '../../i18n/text.ts'
import { failureGroups } from './failure-groups.ts'

const reasonsShown = 4

export interface FailuresProps {
  readonly run: Run
  readonly onOnly: (hosts: readonly string[]) => void
}

export function Failures({ run, onOnly }: FailuresProps): VNode | null {
  const f = fleetText.value
  const groups = failureGroups(run, text.value)
  if (groups.length === 0) return null
  const more = groups.length - reasonsShown
  return (
    <ul class="fleet-reasons" aria-label={f.reasons}>
      {groups.slice(0, reasonsShown).map(({ reason, hosts }) => (
        <li key={reason}>
          <button type="button" title={f.onlyTheirs} onClick={() => onOnly(hosts)}>
            <b>{displayText(foldHosts(hosts))}</b>
            <span class="fleet-count">{formatCount(hosts.length)}</span>
            <span class="fleet-reason">{displayText(reason)}</span>
          </button>
        </li>
      ))}
      {more > 0 && <li class="fleet-more">{f.moreReasons(more)}</li>}
    </ul>
  )
}
