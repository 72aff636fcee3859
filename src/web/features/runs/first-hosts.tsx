/** Before anything has run: the hosts that ssh_config names, to begin with one of them. */
import type { VNode } from 'preact'
import { useEffect } from 'preact/hooks'
import { displayText } from '../../../shared/display.ts'
import { useApp } from '../../app/app-context.ts'
import { chooseHost } from '../../app/choose-host.ts'
import { pageTexts } from '../../i18n/page-texts.ts'
import { text } from '../../i18n/text.ts'

const hostsShown = 8

export function FirstHosts(): VNode | null {
  const app = useApp()
  const t = text.value
  const p = pageTexts.value
  const { hostList, loadHosts } = app
  useEffect(() => {
    // Without it the page asks for a host as ever.
    loadHosts().catch(() => {})
  }, [loadHosts])
  if (hostList.value === null) return null
  const named = hostList.value.hosts.filter(({ config }) => config !== null)
  if (named.length === 0) {
    return (
      <p class="first-hosts">
        {p.firstNoHosts} <code>farglass serve --demo</code>
      </p>
    )
  }
  return (
    <div class="first-hosts">
      <p>
        {p.firstHosts(named.length)} <a href="/hosts">{t.allHosts}</a>
      </p>
      <p class="first-hosts-names">
        {named.slice(0, hostsShown).map(({ name }) => (
          <button type="button" class="chip" key={name} onClick={() => chooseHost(app, name)}>
            {displayText(name)}
          </button>
        ))}
      </p>
    </div>
  )
}
