/** One host: what ssh will use for it, whether the way to it works, and what ran there. */
import { type Signal, useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { useCallback, useEffect } from 'preact/hooks'
import { displayText } from '../../../shared/display.ts'
import { type AppError, toAppError } from '../../../shared/errors.ts'
import type { HostDetails, SshSettings } from '../../../shared/protocol/hosts.ts'
import { useApp } from '../../app/app-context.ts'
import { chooseHost } from '../../app/choose-host.ts'
import { hostsText } from '../../i18n/hosts-text.ts'
import { pageTexts } from '../../i18n/page-texts.ts'
import { text } from '../../i18n/text.ts'
import { Icon } from '../../ui/icon.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Said } from '../../ui/said.tsx'
import { HostActions } from './host-actions.tsx'
import { HostCheckPanel } from './host-check.tsx'
import '../../ui/list-page.css'
import './hosts.css'

export function HostPage({ name }: { readonly name: string }): VNode {
  const app = useApp()
  const t = text.value
  const p = pageTexts.value
  const details = useSignal<HostDetails | null>(null)
  const problem = useSignal<AppError | null>(null)
  const read = useCallback(
    () => readDetails(() => app.api.host(name), details, problem),
    [app, name, details, problem],
  )
  useEffect(() => {
    document.title = `${name} · Farglass`
    return read()
  }, [name, read])
  const found = details.value
  return (
    <main class="page list-page">
      <p class="host-crumbs">
        <a href="/hosts">{t.hosts}</a>
      </p>
      <div class="host-head">
        <h1>{displayText(name)}</h1>
        <a class="button" href={`/runs?${new URLSearchParams({ host: name }).toString()}`}>
          <Icon name="list" />
          {p.hostRuns}
        </a>
        <button type="button" class="button" onClick={() => chooseHost(app, name)}>
          <Icon name="prompt" />
          {p.hostRunHere}
        </button>
        {found !== null && <HostActions host={found} onChange={read} />}
      </div>
      {problem.value !== null && (
        <Notice tone="err">
          <Said of={problem.value} />
        </Notice>
      )}
      {found !== null && (
        <>
          <p class="host-config">{namedWhere(found)}</p>
          <Remarks host={found} />
          <section class="host-box" aria-labelledby="ssh-title">
            <h2 id="ssh-title">{p.sshWillUse}</h2>
            {found.ssh === null ? <p>{p.sshCannotSay}</p> : <Settings ssh={found.ssh} />}
          </section>
          <HostCheckPanel name={name} kept={found.check} />
        </>
      )}
    </main>
  )
}

function namedWhere({ config, sources }: HostDetails): string {
  const p = pageTexts.value
  if (config !== null) return p.hostReadOnly(displayText(`${config.file}:${config.line}`))
  const [source] = sources
  if (source === undefined) return p.hostNotNamed
  if (source.kind === 'added') return hostsText.value.addedHere
  return p.hostReadOnly(displayText(`${source.file}:${source.line}`))
}

/** What people have said of it. */
function Remarks({ host }: { readonly host: HostDetails }): VNode | null {
  const h = hostsText.value
  const rows: readonly (readonly [string, string])[] = [
    [h.destination, host.destination ?? ''],
    [h.groups, host.groups.join(', ')],
    [h.tags, host.tags.join(', ')],
    [h.note, host.note ?? ''],
  ]
  const said = rows.filter(([, value]) => value !== '')
  if (said.length === 0) return null
  return (
    <section class="host-box" aria-labelledby="said-title">
      <h2 id="said-title">{h.said}</h2>
      <dl class="host-settings">
        {said.map(([key, value]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>{displayText(value)}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

/** Asks, and gives what lets go of the answer when another host is opened meanwhile. */
function readDetails(
  ask: () => Promise<HostDetails>,
  details: Signal<HostDetails | null>,
  problem: Signal<AppError | null>,
): () => void {
  let isLeft = false
  details.value = null
  problem.value = null
  ask().then(
    (found) => {
      if (!isLeft) details.value = found
    },
    (thrown: unknown) => {
      if (!isLeft) problem.value = toAppError(thrown)
    },
  )
  return () => {
    isLeft = true
  }
}

/** The names are those of ssh_config, in every language. */
function Settings({ ssh }: { readonly ssh: SshSettings }): VNode {
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['HostName', [ssh.hostName]],
    ['Port', [String(ssh.port)]],
    ['User', [ssh.user]],
    ['ProxyJump', ssh.proxyJump === null ? [] : [ssh.proxyJump]],
    ['ProxyCommand', ssh.proxyCommand === null ? [] : [ssh.proxyCommand]],
    ['IdentityFile', ssh.identityFiles],
    ['CertificateFile', ssh.certificateFiles],
  ]
  return (
    <dl class="host-settings">
      {rows.map(
        ([key, values]) =>
          values.length > 0 && (
            <div key={key}>
              <dt>{key}</dt>
              <dd class="mono">
                {values.map((value) => (
                  <span key={value}>{displayText(value)}</span>
                ))}
              </dd>
            </div>
          ),
      )}
    </dl>
  )
}
